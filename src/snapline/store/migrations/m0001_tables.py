"""The first tables: repositories, runs, tasks, attempts, landings, events, decisions and check results."""

REASON = "the first tables"

STATEMENTS = (
    """
    CREATE TABLE repositories (
        id TEXT NOT NULL PRIMARY KEY,
        root TEXT NOT NULL,
        registered_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE runs (
        id TEXT NOT NULL PRIMARY KEY,
        spec TEXT NOT NULL,
        revision TEXT NOT NULL,
        repository TEXT NOT NULL REFERENCES repositories (id),
        target TEXT NOT NULL,
        base TEXT NOT NULL,
        priority INTEGER NOT NULL,
        state TEXT NOT NULL,
        reason TEXT,
        detail TEXT NOT NULL,
        token INTEGER NOT NULL,
        workflow TEXT,
        deadline FLOAT,
        not_before FLOAT NOT NULL,
        sequence INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        integration TEXT NOT NULL,
        signed TEXT NOT NULL,
        unsigned TEXT NOT NULL,
        settings BLOB NOT NULL,
        approval BLOB NOT NULL,
        requested_at TEXT NOT NULL,
        heartbeat FLOAT NOT NULL,
        changed_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE tasks (
        run TEXT NOT NULL REFERENCES runs (id),
        id TEXT NOT NULL,
        position INTEGER NOT NULL,
        summary TEXT NOT NULL,
        plan BLOB NOT NULL,
        lane TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT,
        detail TEXT NOT NULL,
        token INTEGER NOT NULL,
        workflow TEXT,
        deadline FLOAT,
        not_before FLOAT NOT NULL,
        number INTEGER NOT NULL,
        charged INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        seconds FLOAT NOT NULL,
        candidate TEXT,
        signed TEXT NOT NULL,
        unsigned TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        PRIMARY KEY (run, id)
    )
    """,
    """
    CREATE TABLE attempts (
        run TEXT NOT NULL,
        task TEXT NOT NULL,
        number INTEGER NOT NULL,
        repository TEXT NOT NULL,
        token INTEGER NOT NULL,
        agent TEXT NOT NULL,
        base TEXT NOT NULL,
        start TEXT NOT NULL,
        outcome TEXT,
        words TEXT NOT NULL,
        charged INTEGER NOT NULL,
        seconds FLOAT NOT NULL,
        candidate TEXT,
        tree TEXT,
        signature TEXT,
        prompt TEXT,
        log TEXT,
        report TEXT,
        handoff TEXT,
        began_at TEXT NOT NULL,
        ended_at TEXT,
        PRIMARY KEY (run, task, number),
        UNIQUE (repository, task, number)
    )
    """,
    """
    CREATE TABLE landings (
        run TEXT NOT NULL REFERENCES runs (id),
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        old TEXT NOT NULL,
        new TEXT NOT NULL,
        outcome TEXT,
        words TEXT NOT NULL,
        report TEXT,
        at TEXT NOT NULL,
        PRIMARY KEY (run, number)
    )
    """,
    """
    CREATE TABLE events (
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        "key" TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL,
        position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        UNIQUE (stream, seq)
    )
    """,
    """
    CREATE TABLE heads (
        stream TEXT NOT NULL PRIMARY KEY,
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE decisions (
        "key" TEXT NOT NULL PRIMARY KEY,
        run TEXT NOT NULL REFERENCES runs (id),
        task TEXT,
        kind TEXT NOT NULL,
        token INTEGER NOT NULL,
        body TEXT NOT NULL,
        at TEXT NOT NULL,
        outcome TEXT
    )
    """,
    """
    CREATE TABLE check_results (
        "key" TEXT NOT NULL PRIMARY KEY,
        body BLOB NOT NULL,
        at TEXT NOT NULL
    )
    """,
    "CREATE INDEX tasks_state ON tasks (state)",
    "CREATE INDEX runs_state ON runs (state)",
)
