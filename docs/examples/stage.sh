#!/usr/bin/env bash
# One stage of a pipeline: deploy under a suffix of its own, run the 31 checks, destroy whatever came of it.
#
#   docs/examples/stage.sh                                                  # the real AWS
#   TARGET=endpoint AWS_ENDPOINT_URL=http://127.0.0.1:5000 docs/examples/stage.sh
#   SUFFIX=ci-7-1 docs/examples/stage.sh destroy                            # only the end of one that was killed
#
# It takes two callers, as the pipeline has two roles: DEPLOYER_ and RUNNER_ before AWS_ACCESS_KEY_ID,
# AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Without them both are the caller of the environment.
#
# Left in ARTIFACTS (default: artifacts): junit.xml, summary.md (where GitHub takes no step summary), deploy.log,
# checks.log, destroy.log, and a folder of the run with report.html and the evidence of each red check.
# Exit: what the checks ended with (0 green, 1 red, 2 could not run, 6 something was not exercised),
# 2 when there was nothing to check, 130 when it was broken off, 3 when the stacks are still there.
set -uo pipefail
[ "$*" = "" ] || [ "$*" = destroy ] || { echo "usage: $0 [destroy]" >&2; exit 2; }
[ "$*" = "" ] || [ -n "${SUFFIX:-}" ] || { echo "$0 destroy: of which SUFFIX?" >&2; exit 2; }
cd "$(dirname "$0")/../.." || exit 2

TARGET=${TARGET:-aws}
SUFFIX=${SUFFIX:-ci-$(date -u +%d%H%M)-$((RANDOM % 1000))}   # at most 15 characters: docs/pipeline.md
ARTIFACTS=${ARTIFACTS:-artifacts}
export GITHUB_STEP_SUMMARY=${GITHUB_STEP_SUMMARY:-$ARTIFACTS/summary.md}   # the checks write theirs there
WHERE=(--target "$TARGET" --suffix "$SUFFIX")
child=

as() {  # as DEPLOYER|RUNNER COMMAND…: become that command, with that caller's credentials
  local key="$1_AWS_ACCESS_KEY_ID" secret="$1_AWS_SECRET_ACCESS_KEY" token="$1_AWS_SESSION_TOKEN"
  shift
  [ -n "${!key:-}" ] || exec "$@"
  unset AWS_SESSION_TOKEN AWS_PROFILE
  [ -z "${!token:-}" ] || export AWS_SESSION_TOKEN="${!token}"
  export AWS_ACCESS_KEY_ID="${!key}" AWS_SECRET_ACCESS_KEY="${!secret}"
  exec "$@"
}

logged() {  # logged NAME DEPLOYER|RUNNER COMMAND…: run it in the background, so that a signal is heard at once
  local log="$ARTIFACTS/$1.log" code writer
  shift
  exec 3> >(tee "$log")
  writer=$!
  as "$@" >&3 2>&1 3>&- &
  child=$!
  wait "$child"
  code=$?
  exec 3>&-
  wait "$writer"
  child=
  return "$code"
}

say() {  # a line in the log, and in the step summary
  echo "$1"
  echo "$1" >>"$GITHUB_STEP_SUMMARY"
}

finish() {  # finish CODE [LOG]: however it came, the stacks go, and what is known is kept
  local code=$1 destroyed=0
  trap '' INT TERM   # a second Ctrl-C must not leave two stacks behind
  echo "== destroy TapStack-$SUFFIX"
  logged "${2:-destroy}" DEPLOYER .venv/bin/qa destroy "${WHERE[@]}" --yes || destroyed=$?
  if [ "$destroyed" -ne 0 ]; then
    code=3
    say "TapStack-$SUFFIX is still there: ${2:-destroy}.log says why. Then: make destroy TARGET=$TARGET SUFFIX=$SUFFIX"
  fi
  echo "== exit $code"
  exit "$code"
}

# shellcheck disable=SC2317  # called by a trap
broken_off() {
  [ -z "$child" ] || { kill -TERM "$child" 2>/dev/null; wait "$child"; }   # the run cleans up after itself
  finish 130
}

mkdir -p "$ARTIFACTS"
make -s setup || exit 2
trap broken_off INT TERM
[ "${1:-}" != destroy ] || finish 0 destroy-again

echo "== deploy TapStack-$SUFFIX to $TARGET"
if ! logged deploy DEPLOYER .venv/bin/qa deploy "${WHERE[@]}"; then
  say "TapStack-$SUFFIX was not deployed: deploy.log says why."
  finish 2
fi
echo "== the 31 checks"
logged checks RUNNER .venv/bin/python -m pytest tests/integration -n "${WORKERS:-4}" --dist loadgroup \
  "${WHERE[@]}" --junitxml="$ARTIFACTS/junit.xml" --report="$ARTIFACTS"
finish $?
