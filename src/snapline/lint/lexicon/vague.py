"""Words for a quality that two people would judge differently (LEX201).

In: adjectives and adverbs that praise without saying what is measured. Out, because in specs they mostly mean something
exact: amounts (some, several, many), sizes (large, small; Acceptance and Goal have ACC304), ``safe`` (thread-safe, safe
to call twice), ``stable`` (sort, release), ``consistent`` (hashing, reads), ``readable`` (a permission; a readable
summary is in), ``human-readable`` (as opposed to machine-readable), ``dynamic``, ``native``, ``rich`` (text), ``smart``
(quotes), ``correctly`` (a test says what is correct), ``normal``, ``available``, ``accessible``, ``transparent``,
``simply``, ``slow`` (a slow network is a condition).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TEXTS: Final = (
    "error|errors|message|messages|wording|text|explanation|explanations|instructions|indication|hint|hints|label|labels"
    "|documentation|docs|overview|output|description|descriptions|names"
)
_THINGS: Final = (
    "summary|summaries|report|reports|code|format|form|layout|way|manner|diff|diffs|log|logs|page|pages|table|tables|list"
    "|lists|font|fonts|chart|charts|view|views|structure|api|screen|screens|style|syntax|names|tests"
)
_WORKS: Final = "work|works|working|behave|behaves|perform|performs|function|functions"

SPEED: Final = (
    "fast|quick|quickly|rapid|rapidly|speedy|speedily|swiftly|snappy|instantly|instantaneous|instantaneously|promptly",
    "blazing|blazingly|lightning|super|ultra|extremely|really fast|quick",
    "performant|efficient|efficiently|lightweight|responsive|timely",
    "in timely manner|fashion",
    "high|higher|good|great|excellent|acceptable|adequate performance",
    "high throughput",
    "low latency|overhead",
    "noticeably|perceptibly|too slow|slowly|sluggish",
    "sluggish|cheap|cheaply",
    "well performing",
)
EASE: Final = (
    "user|users|developer|customer|beginner|newbie|mobile|reader|people|operator|admin|human friendly",
    "friendly",
    "intuitive|intuitively|easy|easily|effortless|effortlessly|painless|painlessly|convenient|conveniently",
    "ease of use",
    "simple|straightforward",
    "hassle|trouble free",
    "self explanatory|explaining|evident",
    "understandable|comprehensible|memorable|discoverable",
    "seamless|seamlessly|smooth|smoothly|frictionless|fluid|fluent",
    f"clear|clearer {_TEXTS}|feedback|language|structure|way|manner|naming",
    f"{_TEXTS}|page|interface|ui|report is|are|be|stays|remains|becomes clear",
    "must|should|shall|will be clear",
    "clearly",
    f"readable {_TEXTS}|{_THINGS}",
    "easily|very|highly|more|well|nicely readable",
    "code|source|text|texts|font|fonts|diff|diffs|summary|messages is|are|be|stay|stays|remain|remains readable",
    "uncluttered|streamlined|practical|actionable|descriptive|intelligent|intelligently|smartly",
    "clutter free",
    "self descriptive",
    "legible|legibly|ergonomic|ergonomically|comfortable|comfortably|handy|foolproof",
    "confusing|cumbersome|clumsy|clunky|awkward|tedious|unintuitive|unfriendly|inconvenient|inconveniently",
    "unobtrusive|unobtrusively",
    "idiot proof",
)
LOOKS: Final = (
    "nice|nicely|beautiful|beautifully|attractive|attractively|appealing|pretty|gorgeous|elegant|elegantly|sleek",
    "modern|polished|delightful|pleasant|pleasing|engaging|compelling|slick|fancy|aesthetic|aesthetically|stylish",
    "ugly|unpleasant|inviting|welcoming|tasteful|tastefully|neat|neatly|tidy|impressive|classy",
    "look|looks|looking|feel|feels good|nice|right|great|professional|modern|clean",
    "consistent look|feel|manner|way|style|experience|appearance",
    "code|design|ui|interface|layout|page|screen is|stays|remains|looks clean",
    "professional tone|manner|way|look|looks|looking|appearance|design",
    "clean code|design|architecture|interface|ui|look|layout|api|structure|solution|implementation",
    "good|great|excellent|decent|solid|superior|outstanding user",
)
STRENGTH: Final = (
    "robust|robustly|resilient|reliable|reliably|dependable|sturdy|bulletproof",
    "rock solid",
    "scalable|scales|scale well|nicely|smoothly",
    "scalable|extensible|maintainable|flexible|flexibly|versatile|adaptable",
    "future proof",
    "highly available|scalable|performant|reliable|secure|responsive|efficient|optimized|optimised|configurable",
    "secure|securely|graceful|gracefully|cleanly|powerful|comprehensive|sophisticated|thorough|thoroughly|extensive",
    "state of the art",
    "cutting|leading|bleeding edge",
    "world|enterprise class",
    "best in class",
    "enterprise|production|commercial grade|quality",
    "production ready",
    "industry standard|standards|strength",
    "high|good|great|top|excellent|superior quality",
    "top notch",
    "best practice|practices",
    "good practice|practices|usability|readability|coverage|documentation|defaults|experience|support|error|accuracy",
    "well designed|structured|documented|organized|organised|written|maintained|tested|thought|crafted|engineered",
    f"{_WORKS} well|fine|nicely|properly|correctly|smoothly|reliably|flawlessly|great",
    f"{_WORKS} as expected|intended|desired|designed",
    "bug free",
    "cost effective|efficient",
    "fault tolerant",
    "well behaved",
    "idiomatic|idiomatically|crisp|crisply|accurate|accurately",
    "concise|concisely|succinct|succinctly",
)
FITNESS: Final = (
    "inappropriate|inappropriately|unsuitable|inadequate|inadequately|unreasonable|unreasonably|unacceptable|unacceptably",
    "excessive|excessively|undue|unduly|needless|needlessly|proficient|proficiently|customary|ideal",
    "effective|effectively|ineffective|inefficient|inefficiently",
    "good enough",
    "appropriate|appropriately|suitable|suitably|adequate|adequately|sufficient|sufficiently|reasonable|reasonably",
    "acceptable|acceptably|satisfactory|satisfactorily|satisfying|proper|properly|sensible|sensibly|sane|meaningful",
    "useful|helpful|informative|optimal|optimally|tolerable|decent",
    "relevant information|details|data|fields|errors|logs|results|content|context|parts",
    "minimal impact|effort|delay|disruption|overhead|downtime|latency|changes|cost|costs|risk|footprint|memory|fuss",
    "significant|significantly|substantial|substantially|considerable|considerably|noticeable|negligible|marginal",
)
QUALITIES: Final = (*SPEED, *EASE, *LOOKS, *STRENGTH, *FITNESS)

NAMED_BY_NEXT: Final[Mapping[str, frozenset[str]]] = {
    word: frozenset(names.split())
    for word, names in {
        "fast": "path paths forward forwards forwarded forwarding track tracks lane lanes mode charging fourier fail"
        " corner corners",
        "effective": "date dates day days time from on at until after as immediately user users uid gid id ids group"
        " permission permissions privileges rights role roles rate rates price prices tax interest value values setting"
        " settings configuration config policy policies scope level limit timeout upon url address",
        "ideal": "gas gases",
        "readable": "by only from to",
        "inappropriate": "content language images posts comments",
        "descriptive": "statistics",
        "accurate": "to within",
        "comfortable": "mode density spacing",
        "handy": "app",
        "neat": "algorithm",
        "quick": "start starts fix fixes action actions open reply replies pick silver filter filters launch settings",
        "rapid": "prototyping",
        "friendly": "name names title titles url urls fork forks fire match matches id ids",
        "snappy": "compression codec",
        "efficient": "frontier",
        "lightweight": "tag tags markup thread threads process processes directory",
        "responsive": "design layout layouts image images grid breakpoint breakpoints web table tables",
        "timely": "hours",
        "simple": "string strings majority average mail storage binding selector selectors graph graphs",
        "easy": "mode level apply",
        "usable": "space",
        "smooth": "scroll scrolling",
        "fluid": "layout grid typography dynamics mechanics",
        "nice": "value values level levels",
        "secure": "cookie cookies flag attribute context contexts boot shell enclave element socket sockets",
        "gracefully": "shut shuts shutting stop stops exit exits terminate terminates drain drains restart restarts"
        " reload reloads close closes quit quits",
        "graceful": "shutdown stop restart reload termination exit drain period degradation",
        "robust": "regression scaler estimator statistics covariance",
        "flexible": "box array",
        "reliable": "multicast broadcast udp",
        "comprehensive": "school",
        "sufficient": "permission permissions privilege privileges right rights role roles scope scopes balance funds"
        " credit credits quota stock",
        "acceptable": "use",
        "proper": "noun nouns subset subsets superset name names fraction fractions prefix prefixes suffix ancestor",
        "optimal": "substructure",
        "significant": "digit digits figure figures bit bits byte bytes whitespace part",
        "marginal": "cost costs distribution probability likelihood",
        "pretty": "print prints printed printer printing",
        "modern": "era",
    }.items()
}
"""Words behind which a quality is part of a name for something exact."""

NAMED_BY_PREVIOUS: Final[Mapping[str, frozenset[str]]] = {
    word: frozenset(names.split())
    for word, names in {
        "fast": "fail fails failing failed",
        "secure": "cryptographically",
        "readable": "human machine world group owner publicly",
        "tidy": "mod html",
        "sufficient": "and",
        "significant": "least most statistically",
        "significantly": "statistically",
        "usable": "re",
        "helpful": "marked votes",
        "useful": "marked",
        "cleanly": "exit exits exited apply applies applied merge merges rebase rebases compile compiles build builds"
        " stop stops terminate terminates down",
        "gracefully": "exit exits stop stops terminate terminates drain drains restart restarts reload reloads close"
        " closes quit quits down",
    }.items()
}
"""Words in front of which a quality is part of a name for something exact."""

LABELS: Final = frozenset({"fast", "quick"})
"""Words that tell one of two things from the other, behind ``the`` and where the spec has the name: the fast tier."""
OPPOSITES: Final = "slow|full|long|deep|normal|regular|ordinary|default|thorough"
"""What the other of the two things is called: the slow tier."""
WAYS: Final = frozenset({"path", "paths", "lane", "lanes", "track", "tracks"})
"""Names that are no names behind ``a``: a fast path is praise, the fast path is a known one."""
DEGREES: Final = frozenset({"how"})
"""In front of a quality it makes a question of it, not a demand: how fast the upload is."""
