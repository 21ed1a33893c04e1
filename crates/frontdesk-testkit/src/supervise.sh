# Runs one throwaway PostgreSQL server for as long as a test process lives, then removes every trace of it.
#
#   sh -c "$(cat supervise.sh)" supervise BIN LEASE ALIVE
#
# BIN is the folder of the server's programs. Test processes hold a shared lock on LEASE; the kernel drops it however
# they end. This process holds a lock on ALIVE, which tells a later run whether it is still there. Prints the folder of
# the server's socket once it answers, and nothing else on stdout.
set -eu
bin=$1
exec 9<"$2" 8<"$3"
cd /
if ! flock -n -x 8; then
  echo "another supervisor is running" >&2
  exit 1
fi

dir=$(mktemp -d /tmp/frontdesk-postgres.XXXXXX)
server=
end() {
  if [ -n "$server" ]; then
    kill -QUIT "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$dir"
}
trap end EXIT
trap 'exit 1' HUP INT TERM

# Nothing started here may inherit the locks: an orphan would hold them for ever.
quietly() { "$@" >>"$dir/log" 2>&1 8<&- 9<&-; }

if ! quietly "$bin/initdb" --pgdata "$dir/data" --username frontdesk --auth trust --encoding UTF8 --locale C --no-sync; then
  cat "$dir/log" >&2
  exit 1
fi
"$bin/postgres" -D "$dir/data" -k "$dir" \
  -c listen_addresses= -c max_connections=300 -c shared_buffers=64MB \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c wal_level=minimal -c max_wal_senders=0 \
  >>"$dir/log" 2>&1 8<&- 9<&- &
server=$!
until quietly "$bin/pg_isready" --quiet --host "$dir" --dbname postgres; do
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$dir/log" >&2
    exit 1
  fi
  sleep 0.05 8<&- 9<&-
done
echo "$dir"
exec >/dev/null 2>&1

# Tests of one run come and go: only a few seconds without any of them end it. The last lock is kept while stopping, so
# that a test that comes now waits, and then starts a server of its own.
idle=0
while kill -0 "$server" 2>/dev/null; do
  if flock -n -x 9; then
    idle=$((idle + 1))
    if [ "$idle" -ge 5 ]; then exit 0; fi
    flock -u 9
  else
    idle=0
  fi
  sleep 1 8<&- 9<&-
done
