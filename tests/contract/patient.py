"""A server that waits a minute for what is under way: who sees it end sooner has seen that it need not wait."""

from cityloop.cli import main, up

GRACE_S = 60

if __name__ == "__main__":
    up.HOW["timeout_graceful_shutdown"] = GRACE_S
    main()
