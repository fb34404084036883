"""The words that tell outcomes from circumstances, deeds and headings (:mod:`snapline.lint.outcomes`). English only."""

from __future__ import annotations

_NOUNS_TOO_WORDS = """
    answer block boot bounce break build cause change charge check commit copy cost count crash display double
    download duplicate exit export fall file filter flag focus fold format forward group guess hit import index
    install link list load lock log mark mask match measure name offer order pad pause point post press prompt push
    queue quote rank reach rebuild record refund register reply report reset result retry return review round route
    run save score set shift ship sign sort sound split state step store stream strip sum swap switch tag test time
    total trace transfer trigger trim type update upload use view vote wrap yield
"""
NOUNS_TOO = frozenset(_NOUNS_TOO_WORDS.split())
"""Those of them whose third person may be a plural noun: they count only where the words around tell."""

_IRREGULAR_WORDS = """
    begun bought bound broken brought built caught chosen cut done drawn driven fallen fed felt forgotten found
    frozen given gone grown heard held hidden hit hung kept known laid led left lent let lit lost made meant
    overwritten paid put read rebuilt redone reread resent reset rewritten run rung said seen sent set shown shut
    spent split spread stolen struck taken taught thrown told torn understood undone unset upset withdrawn won worn
    written
"""
IRREGULAR = frozenset(_IRREGULAR_WORDS.split())
"""Participles that do not end in -ed."""

_VAGUE_WORDS = """
    achieved addressed based cleaned completed concerned considered covered designed done enhanced ensured expected
    finalised finalized finished fixed followed guaranteed handled honoured implemented improved integrated intended
    involved maintained managed met modernised modernized needed obeyed optimised optimized planned polished
    prepared provided refactored required resolved respected simplified streamlined supported tested tuned used
    wanted
"""
VAGUE = frozenset(_VAGUE_WORDS.split())
"""Participles that tell nothing that somebody could see."""

_STATES_WORDS = """
    absent active alive alone available blank blue closed dead disjoint down early empty equal false free full gone
    gray green grey here hidden identical in inactive intact invalid invisible last late mandatory missing negative
    next null off offline on online open optional out over own pending positive present private public reachable
    read-only readable red same sole sorted there true unavailable unchanged unique unreachable untouched up valid
    visible writable yellow zero
"""
STATES = frozenset(_STATES_WORDS.split())
"""What something can be seen to be."""

_BE_WORDS = """
    are aren't be become becomes been being get gets is isn't remain remains stay stays was wasn't were
"""
BE = frozenset(_BE_WORDS.split())
"""Verbs that a participle or a state follows."""

_HAVE_WORDS = """
    contains had has have holds
"""
HAVE = frozenset(_HAVE_WORDS.split())
"""Verbs that are an outcome with what they hold."""

_MODALS_WORDS = """
    can can't cannot could did didn't do does doesn't don't may might must never shall should will won't would
"""
MODALS = frozenset(_MODALS_WORDS.split())
"""Words that a base form follows."""

_ADVERBS_WORDS = """
    again all already also always at back both each even ever exactly first immediately just least longer most never
    no not now once only soon still then thereby therefore together yet
"""
ADVERBS = frozenset(_ADVERBS_WORDS.split())
"""Words that may stand between an auxiliary and its verb."""

_PLURALS_WORDS = """
    all both children i men nobody others people that these they those we which who women you
"""
PLURALS = frozenset(_PLURALS_WORDS.split())
"""Subjects that a base form follows."""

_DETERMINERS_WORDS = """
    a after again all an another as at back before both correctly down each every exactly fewer five four her his if
    it its itself less more no nobody none nothing off once one only out over successfully that the their them
    themselves these this those three twice two unchanged under until up what when whether which while why with
    within without zero
"""
DETERMINERS = frozenset(_DETERMINERS_WORDS.split())
"""Words that begin what a verb is about: what stands before them is a verb."""

_SINGULAR_WORDS = """
    a an anybody each every everything it nobody nothing one somebody someone that the this whoever
"""
SINGULAR = frozenset(_SINGULAR_WORDS.split())
"""Words that begin a singular subject."""

_BEFORE_NOUNS_WORDS = """
    a about all an and any between by for from in into no of on or some the these those to with
"""
BEFORE_NOUNS = frozenset(_BEFORE_NOUNS_WORDS.split())
"""Words that a noun follows."""

_CONJUNCTIONS_WORDS = """
    and or
"""
CONJUNCTIONS = frozenset(_CONJUNCTIONS_WORDS.split())
"""Words that join two verbs, or two nouns."""

_TELLING_WORDS = """
    displays exports lists names offers prints reports returns shows
"""
TELLING = frozenset(_TELLING_WORDS.split())
"""Verbs with which a criterion without a subject begins."""

_SUBORDINATORS_WORDS = """
    after although as because before given if once since so than that though unless until when whenever where
    whether which while who whose
"""
SUBORDINATORS = frozenset(_SUBORDINATORS_WORDS.split())
"""Words that begin a circumstance."""

_PREPOSITIONS_WORDS = """
    after as before since than until
"""
PREPOSITIONS = frozenset(_PREPOSITIONS_WORDS.split())
"""Subordinators that stand in front of a name, too."""

_STATUS_WORDS = """
    exit exits fail fails
"""
STATUS = frozenset(_STATUS_WORDS.split())
"""How a program ends: one outcome with what it prints."""

_PERSONS_WORDS = """
    admin administrator alice anybody author clerk colleague customer developer editor one operator owner people
    person reader reviewer somebody someone support tester user visitor we you
"""
PERSONS = frozenset(_PERSONS_WORDS.split())
"""Who does something before the outcome."""

_DEEDS_WORDS = """
    adds calls changes chooses clicks closes copies creates deletes drags drops edits enters follows goes installs
    kills logs opens pastes picks presses pulls reads removes restarts runs saves selects sends signs starts stops
    submits switches takes turns types unplugs uploads visits
"""
DEEDS = frozenset(_DEEDS_WORDS.split())
"""What such a person does."""

_BASES_WORDS = """
    accept add agree allow alter announce answer appear append approve arrive ask assign attach attend attest become
    begin belong block blur boot bounce break bring build burn buy cancel carry catch cause cease change charge
    check choose clear close come commit compare compile confirm connect contain continue convert copy cost count
    crash create decide decrease decrypt delete deliver demonstrate deny depend deploy describe detect differ
    disable disappear discard disconnect dismiss display double download drop duplicate eject emit encrypt end
    enqueue enter equal exceed exist exit expire explain export expose fail fall fetch fill filter find finish fit
    flag flow flush focus fold forbid forget format forward get give go grant group grow guess halve happen hear
    hide highlight hit hold hover identify ignore import include increase index inform insert inspect install judge
    jump keep kill know last lead learn leave lie link list listen load lock log lose lower make mark mask match
    measure mention merge move mute name normalise normalize note notify observe occur offer omit open order outlast
    overwrite pad parse pass pause pay persist pick play point post preserve press print produce prompt propagate
    prove publish pull push put queue quote raise rank rate reach react read reappear rebuild receive recognise
    recognize reconnect recover redact redirect refer refresh refund refuse register reject reload remove rename
    render reopen repeat replace reply report reproduce resend reset resolve respond restart restore result resume
    retain retry return reveal revert review rewrite ring rise roll round route run save say scan score scroll see
    select send sequence serve set shift ship show shrink shut sign sit skip sleep slide sort sound spin split stand
    start state stay step stop store stream strip submit subscribe succeed sum survive swap swipe switch sync
    synchronise synchronize tag take tell terminate test throw time total touch trace transfer translate travel
    trigger trim truncate try turn type understand undo uninstall unlock unsubscribe update upload use-up validate
    vanish verify view vote wait wake walk warm warn watch weigh win withdraw wrap write yield zoom
"""
BASES = frozenset(_BASES_WORDS.split())
"""Verbs of what somebody can observe, in their base form."""

_IDLE_WORDS = """
    addresses aims behaves caters complies conforms considers covers deals enables ensures facilitates features feels
    focuses follows fulfils fulfills functions handles has helps honours honors improves includes involves is its lacks
    leverages looks makes manages meets needs obeys optimises optimizes performs plans processes provides relates relies
    remains requires satisfies seems serves simplifies streamlines strives suits supports tackles tries uses utilises
    utilizes was works always perhaps as us this thus plus less across towards besides series status access process
    success progress focus basis bus class address previous various
"""
IDLE = frozenset(_IDLE_WORDS.split())
"""Words in -s that are no outcome where an unknown one would be taken for a verb."""
