"""The server: `feeds/` at `/`, how things stand, triggers, and who may come in.

    feeds      files of feeds/, whole, with validators
    caching    what HTTP says about conditions, encodings and types; pure
    visits     the cookie that knows a visitor again, and the tokens of forms
    guard      host, origin and headers of every request; who may see what
    pages      the server's own pages, and the form to sign in
    probes     /healthz, /readyz, /status
    metrics    /metrics
    api        /api: triggers and reports for other programs
    desk       pages on which a person decides
    app        all of it as one application
    server     the address it is bound to, and the thread that it runs in

Beside the scheduler, never above it: runs are asked of the `Runner` that both share. Writes
nothing but what a person says at the desk.
"""
