#!/usr/bin/env bash
# Deploys a commit of this repository to the droplet, rolls it back, or says what runs there.
#
#   ./deploy.sh deploy [COMMIT]   ship that commit (default HEAD) and cut over to it without dropping a request
#   ./deploy.sh rollback [COMMIT] go back to a release that is kept (default: the one before)
#   ./deploy.sh restart           start what runs anew without dropping a request, for changed secrets
#   ./deploy.sh cancel            end the deploy that is running, whoever started it; Ctrl-C ends your own
#   ./deploy.sh status            what serves, since when, deployed by whom, whether a deploy is running; asks every host,
#                                 and ends with 0 only if each one serves
#   ./deploy.sh releases          which releases are kept; * is current
#   ./deploy.sh logs              the last lines of the service and of the deploys
#   ./deploy.sh booty status|log|why|doctor|retry ...    the service's own commands, there (docs/operating.md)
#   ./deploy.sh setup             prepare a droplet, or bring it up to date (needs root there); safe to run again
#   COMMIT                        a SHA, whole or short, a tag or a branch of this clone
#   --target NAME                 with any of them: take the settings from the file .deploy.NAME.env beside this script,
#                                 such as .deploy.staging.env, instead of the environment
#   --dry-run                     with deploy: say what would change, without changing it
#   --rollback-all                with deploy to several hosts: if one fails, those before it go back to what they ran
#   --follow, --since=WHEN, --grep=TEXT    with logs: go on until Ctrl-C; from 15m, 2h, 3d ago or 2026-01-31T12:00 (UTC) on;
#                                 only lines that contain TEXT
#   --json                        with status, releases: one line of JSON for each host
#
# Settings, by environment, or with --target by its file (lines such as DEPLOY_HOST=staging.example.com; bash reads it):
#   DEPLOY_HOST           host, or several separated by spaces or commas: one after the other, up to the first failure
#   DEPLOY_KNOWN_HOSTS    the hosts' lines for known_hosts (the text itself; nothing here ever fetches a host key)
#   DEPLOY_SSH_KEY_FILE   private key for deploys
#   DEPLOY_PORT (22), DEPLOY_USER (deploy), DEPLOY_SETUP_USER (root; for setup, which tries your own keys as well)
#   DEPLOY_BRANCH         only commits of this branch can be deployed (default origin/main or main)
#   DEPLOY_ACTOR, DEPLOY_RUN_URL    who deploys, and from which workflow run: kept in the lock and the log
#   DEPLOY_SEEN           with rollback: the SHA that was current when it was decided; refused (77) if another one is by then
#   SERVER_NAME, HEALTH_SCHEME (https), HEALTH_PATIENCE_SECONDS (10)    when SERVER_NAME is set, the public /health must show
#                         the new release as well, within that time
#   SOAK_SECONDS (5)      for how long a new release is watched after the cutover; if it misbehaves, the old one comes back
#                         (a restart: for how long the new process is watched before the old one goes)
#   BOOTY_UPSTREAM        for setup: where Booty itself listens (default http://unix:/opt/booty/booty.sock)
#
# Exit codes: 0 done; 1 failed, the old release still serves; 2 the rollback failed as well: page someone; 3 done, but the
# public address cannot be seen from here: look from elsewhere; 64-66 wrong input; 75 another deploy is running; 77 refused;
# 130 ended by Ctrl-C; 255 ssh
set -euo pipefail

SELF=./deploy.sh # as the advice names it
abort() { printf 'deploy.sh%s: %s\n' "${TARGET:+ --target $TARGET}" "${2//[[:cntrl:]]/ }" >&2; exit "$1"; }
is_sha() { [[ $1 =~ ^[0-9a-f]{40}$ ]]; }
export GIT_NO_REPLACE_OBJECTS=1 GIT_GRAFT_FILE=/dev/null/none # what counts is the commit itself, not what this clone says of it

read_target() { # the settings of one target come from its file alone, so that no other's can get in between
  local file
  [[ $TARGET =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]] || { TARGET=""; abort 64 "--target takes a name, such as staging"; }
  file=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.deploy.$TARGET.env
  [ -r "$file" ] || abort 64 "its settings are expected in $file, which is not there: docs/deploying.md"
  unset DEPLOY_HOST DEPLOY_KNOWN_HOSTS DEPLOY_SSH_KEY_FILE DEPLOY_PORT DEPLOY_USER DEPLOY_SETUP_USER DEPLOY_BRANCH \
    SERVER_NAME HEALTH_SCHEME HEALTH_PATIENCE_SECONDS SOAK_SECONDS BOOTY_UPSTREAM
  SELF+=" --target $TARGET"
  # shellcheck source=/dev/null
  . "$file" || abort 64 "$file cannot be read as settings"
}

read_settings() { # what is missing is named, or gets its default
  [ -z "$TARGET" ] || read_target
  : "${DEPLOY_PORT:=22}" "${DEPLOY_USER:=deploy}" "${DEPLOY_RUN_URL:=-}" "${HEALTH_SCHEME:=https}" "${SERVER_NAME:=}"
  : "${DEPLOY_SEEN:=}" "${HEALTH_PATIENCE_SECONDS:=10}" "${SOAK_SECONDS:=5}" "${DEPLOY_ACTOR:=$(id -un | tr -cd 'A-Za-z0-9._@-' | head -c 64)}"
  [ -n "${DEPLOY_HOST:-}" ] || abort 64 "DEPLOY_HOST is not set: the droplet's name or address"
  [ -n "${DEPLOY_KNOWN_HOSTS:-}" ] || abort 64 "DEPLOY_KNOWN_HOSTS is not set: on the droplet's console, run: cat /etc/ssh/ssh_host_*_key.pub"
  [ -r "${DEPLOY_SSH_KEY_FILE:-}" ] || abort 64 "DEPLOY_SSH_KEY_FILE is not a readable file: the deploy user's private key"
  [[ $DEPLOY_SSH_KEY_FILE = /* ]] || DEPLOY_SSH_KEY_FILE=$PWD/$DEPLOY_SSH_KEY_FILE
  cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" # the clone, from whatever folder this is called
  check_settings
}

check_settings() {
  local host
  [[ $DEPLOY_PORT =~ ^[0-9]{1,5}$ ]] || abort 64 "DEPLOY_PORT is not a port: $DEPLOY_PORT"
  [[ $HEALTH_SCHEME =~ ^https?$ ]] || abort 64 "HEALTH_SCHEME is neither http nor https: $HEALTH_SCHEME"
  [[ $HEALTH_PATIENCE_SECONDS =~ ^[0-9]{1,4}$ ]] || abort 64 "HEALTH_PATIENCE_SECONDS is not a whole number: $HEALTH_PATIENCE_SECONDS"
  [[ $SERVER_NAME =~ ^[A-Za-z0-9.:-]*$ ]] || abort 64 "SERVER_NAME is not a host name: $SERVER_NAME"
  [[ $SOAK_SECONDS =~ ^[0-9]{1,3}$ ]] || abort 64 "SOAK_SECONDS is not a whole number up to 999: $SOAK_SECONDS"
  [ -z "$DEPLOY_SEEN" ] || is_sha "$DEPLOY_SEEN" || abort 64 "DEPLOY_SEEN is not 40 hex digits: $DEPLOY_SEEN"
  [[ $DEPLOY_ACTOR =~ ^[][A-Za-z0-9._@-]{1,64}$ ]] || abort 64 "DEPLOY_ACTOR is not the name of an account: $DEPLOY_ACTOR"
  [[ $DEPLOY_RUN_URL =~ ^(-|https?://[A-Za-z0-9._:/-]{1,200})$ ]] || abort 64 "DEPLOY_RUN_URL is not the URL of a run: $DEPLOY_RUN_URL"
  read -ra HOSTS <<<"${DEPLOY_HOST//[,$'\n']/ }" # read takes one line
  [ "${#HOSTS[@]}" -gt 0 ] || abort 64 "DEPLOY_HOST names no host"
  for host in "${HOSTS[@]}"; do [[ $host =~ ^[A-Za-z0-9][A-Za-z0-9.:-]*$ ]] || abort 64 "DEPLOY_HOST has no host name: $host"; done
}

remote() { # host word...: one command; all commands to one host share one connection
  ssh "${SSH[@]}" -o IdentitiesOnly=yes -- "$DEPLOY_USER@$1" "${*:2}"
}

prepare_ssh() {
  PRIVATE=$(mktemp -d /tmp/deploy.XXXXXX) # short: a socket's path has at most 107 characters
  trap 'hang_up; rm -rf "$PRIVATE"' EXIT
  printf '%s\n' "$DEPLOY_KNOWN_HOSTS" >"$PRIVATE/known_hosts"
  SSH=(-F none -p "$DEPLOY_PORT" -i "$DEPLOY_SSH_KEY_FILE" -a -x -T
    -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$PRIVATE/known_hosts"
    -o GlobalKnownHostsFile=/dev/null -o UpdateHostKeys=no -o ConnectTimeout=15 -o ConnectionAttempts=3
    -o ServerAliveInterval=15 -o ServerAliveCountMax=4
    -o ControlMaster=auto -o ControlPath="$PRIVATE/%C" -o ControlPersist=10)
}

hang_up() { # the shared connections would otherwise hold our output open
  local socket
  for socket in "$PRIVATE"/[0-9a-f]*; do [ ! -S "$socket" ] || ssh -F none -o ControlPath="$socket" -O exit any 2>/dev/null || true; done
}

full_sha() { # WORD: set SHA to the one commit that it names, by its id, a tag or a branch
  local name found=()
  SHA=${1#booty@}
  ! is_sha "$SHA" || return 0
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._/@+-]*$ ]] || abort 64 "not a commit: $1"
  mapfile -t found < <({
    for name in "refs/tags/$1" "refs/heads/$1" "refs/remotes/$1"; do git rev-parse -q --verify "$name^{commit}" || true; done
    [ "$1" != HEAD ] || git rev-parse HEAD
    [[ ! $SHA =~ ^[0-9a-f]{4,39}$ ]] || git rev-parse --disambiguate="$SHA" | git cat-file --batch-check | sed -n 's/ commit .*//p'
  } | sort -u)
  [ "${#found[@]}" != 0 ] || abort 64 "no commit of this clone is called $1: git fetch; a whole SHA is 40 hex digits in lower case"
  [ "${#found[@]}" = 1 ] || abort 64 "$1 names several commits, say which: ${found[*]}"
  SHA=${found[0]}
  echo "$1 is $SHA"
}

resolve() { # [COMMIT]: its full id, which must be on the branch
  local branch ref known=""
  full_sha "${1:-$(git rev-parse HEAD)}"
  git cat-file -e "$SHA^{commit}" 2>/dev/null || abort 66 "commit $SHA is not in this clone: git fetch (in a workflow: fetch-depth 0)"
  for branch in ${DEPLOY_BRANCH:-refs/remotes/origin/main refs/heads/main}; do
    for ref in "$branch" "refs/remotes/$branch" "refs/heads/$branch"; do # by its full name: a tag may be called origin/main
      [[ $branch != refs/* || $ref = "$branch" ]] || continue # and a branch refs/heads/main
      if [[ ! $ref =~ ^refs/(heads|remotes)/ ]] || ! git show-ref -q --verify "$ref"; then continue; fi
      known=$ref
      ! git merge-base --is-ancestor "$SHA" "$ref" || return 0
      echo "note: commit $SHA is not on ${ref#refs/*/}"
    done
  done
  [ -n "$known" ] || abort 66 "there is no branch ${DEPLOY_BRANCH:-main} here: git fetch, or set DEPLOY_BRANCH"
  abort 77 "only commits of ${DEPLOY_BRANCH:-main} can be deployed: merge it first (or git fetch)"
}

require_descent() { # host current: what runs there must be in the history of what is deployed
  [ "$2" != none ] || return 0
  git cat-file -e "$2^{commit}" 2>/dev/null || abort 77 "$1 runs $2, which this clone does not know: git fetch (in a workflow: fetch-depth 0)"
  ! git merge-base --is-ancestor "$2" "$SHA" || return 0
  if git merge-base --is-ancestor "$SHA" "$2"; then abort 77 "$SHA is older than $2, which $1 runs: to go back, $SELF rollback $SHA"; fi
  abort 77 "$1 runs $2, which is not in the history of $SHA: roll back to a release that is, or merge it"
}

deploy() { # host
  local seen public=0
  seen=$(remote "$1" current) || return
  [ "$seen" = none ] || is_sha "$seen" || abort 1 "$1 did not say what is current: run $SELF setup"
  require_descent "$1" "$seen"
  echo "deploying booty@$SHA to $1 (now: $seen)"
  if [ -n "$DRY_RUN" ]; then plan "$1" "$seen"; return; fi
  [ -z "$(git status --porcelain 2>/dev/null)" ] || echo "note: this clone has changes that are not committed; they are not part of it"
  ship "$1" "$seen" || return
  is_public || public=$?
  case $public in 1) go_back "$1" "$seen" ;; 3) WARNED=3 ;; esac
  DEPLOYED+=("$1 $seen")
}

rollback() { # host: to SHA, or to the release before
  local seen=$DEPLOY_SEEN
  if [ -n "$seen" ] && [[ $(remote "$1" accepts 2>/dev/null </dev/null) != *seen* ]]; then
    echo "note: $1 does not compare what was current with what is; run: $SELF setup" >&2
    seen=""
  fi
  remote "$1" rollback "$SHA" ${seen:+"$seen"} "$DEPLOY_ACTOR" "$DEPLOY_RUN_URL"
}

ship() { # host current
  local soak=""
  TAKES=$(remote "$1" accepts 2>/dev/null </dev/null) || TAKES=""
  [[ $TAKES != *soak* ]] || soak=$SOAK_SECONDS
  DEPLOYING=$1
  pack "$1" | remote "$1" deploy "$SHA" "$2" "$DEPLOY_ACTOR" "$DEPLOY_RUN_URL" ${soak:+"$soak"} &
  attend
}

restart() { # host
  SHA=$(remote "$1" current </dev/null) || return
  is_sha "$SHA" || abort 66 "$1 has nothing to start anew: $SELF deploy"
  echo "starting booty@$SHA on $1 anew"
  DEPLOYING=$1
  remote "$1" restart "$SHA" "$DEPLOY_ACTOR" "$DEPLOY_RUN_URL" "$SOAK_SECONDS" </dev/null &
  attend
}

attend() { # wait for what was just started: a trap does not wait for a command that runs in front
  local rc=0
  wait "$!" || rc=$?
  DEPLOYING=""
  return "$rc"
}

pack() { # host: the commit as it takes it; attributes and replacements in this clone change nothing in an object
  if [[ $TAKES = *objects* ]]; then
    git rev-list --objects --no-object-names --no-walk "$SHA" | git cat-file --batch | gzip
  else
    echo "note: $1 was set up before droplets proved what they unpack; run: $SELF setup" >&2
    git archive --format=tar.gz "$SHA"
  fi
}

plan() { # host current
  git show "$SHA:requirements.txt" | remote "$1" plan "$SHA" || return
  [ "$2" = none ] || { echo "commits:"; git --no-pager log --no-color --format='  %h %an: %s' "$2..$SHA" | LC_ALL=C tr -d '\000-\010\013-\037\177'; }
}

ask_public() { # URL: print what is there, be it an error's page; fail with the tool's own words where nothing answers
  if command -v curl >/dev/null; then curl -sS --max-time 5 "$1"
  elif command -v python3 >/dev/null; then python3 -c "$READ_URL" "$1" 2> >(tail -n 1 >&2)
  elif command -v wget >/dev/null; then wget -nv -O - -T 5 -t 1 --content-on-error "$1" || [ $? = 8 ]
  else echo "neither curl, python3 nor wget is here" >&2; return 1; fi
}
READ_URL='import sys, urllib.error, urllib.request
try: answer = urllib.request.urlopen(sys.argv[1], timeout=5)
except urllib.error.HTTPError as error: answer = error
print(answer.read().decode(errors="replace"))'

is_public() { # return 0 if the public address shows the release in time, 1 if it shows something else, 3 if nobody can tell from here
  [ -n "$SERVER_NAME" ] || return 0
  local url=$HEALTH_SCHEME://$SERVER_NAME/health i answer="" code=3
  local proxy=${http_proxy:-}${https_proxy:-}${HTTPS_PROXY:-}${all_proxy:-}${ALL_PROXY:-} # whose own page proves nothing
  for ((i = 0; i < HEALTH_PATIENCE_SECONDS; i++)); do
    if answer=$(ask_public "$url" 2>&1); then code=1; else code=3; fi
    if [[ $answer = *"\"booty@$SHA\""* ]]; then echo "public: $url shows booty@$SHA"; return; fi
    [ "$i" != 1 ] || echo "... wait for $url to show it (at most $HEALTH_PATIENCE_SECONDS tries, one a second)"
    sleep 1
  done
  printf '%.300s\n' "$answer" | LC_ALL=C tr -d '\000-\010\013-\037\177'
  [ -z "$proxy" ] || [[ $answer = *'"booty@'* ]] || code=3
  say_unseen "$code" "$url"
  return "$code"
}

say_unseen() { # code url
  case $1 in
    1) echo "FAIL $2 does not show booty@$SHA: check DNS, TLS and nginx on the droplet" ;;
    3) echo "WARN $2 cannot be seen from here: look from elsewhere; the droplet serves booty@$SHA, nothing was rolled back" ;;
  esac
}

go_back() { # host before
  [ "$2" != none ] || abort 1 "$1 serves booty@$SHA on its socket, but the public address does not: see above (nothing to go back to)"
  [ "$2" != "$SHA" ] || abort 1 "$1 served booty@$SHA before; nothing was changed"
  remote "$1" rollback "$2" "$DEPLOY_ACTOR" "$DEPLOY_RUN_URL" || abort 2 "the rollback of $1 to $2 failed as well: page someone"
  abort 1 "$1 was rolled back to $2"
}

own_keys() { # account@host: set KEYS to the keys that the person's own ssh would use for it; -F none hides them
  local file
  KEYS=()
  while read -r _ file; do
    file=${file/#\~/$HOME}
    [ ! -r "$file" ] || KEYS+=(-i "$file")
  done < <(ssh -G -p "$DEPLOY_PORT" -- "$1" 2>/dev/null </dev/null | grep '^identityfile ')
}

setup() { # host
  local arguments account=${DEPLOY_SETUP_USER:-root}@$1
  own_keys "$account"
  printf -v arguments '%q %q' "${SERVER_NAME:-_}" "${BOOTY_UPSTREAM:-http://unix:/opt/booty/booty.sock}"
  # shellcheck disable=SC2016 # expanded over there
  { git archive --format=tar HEAD deploy .env.example | base64 | tr -d '\n'; echo; ssh-keygen -y -f "$DEPLOY_SSH_KEY_FILE"; } |
    ssh -o BatchMode=no -o PreferredAuthentications=publickey "${SSH[@]}" ${KEYS[@]+"${KEYS[@]}"} -- "$account" 'set -e; d=$(mktemp -d); trap "rm -rf $d" EXIT; read -r t; echo "$t" | base64 -d | tar -x -C "$d"; '"bash \"\$d/deploy/droplet/setup\" $arguments"
}

look_at_gate() { # after setup, where gh is logged in: say what weakens a release's way through GitHub
  local repository token main found
  [ -e .github/workflows/deploy.yml ] || return 0
  repository=$(gh repo view --json nameWithOwner --jq .nameWithOwner 2>/dev/null) || return 0
  token=$(gh auth token 2>/dev/null) && main=$(git rev-parse --verify --quiet refs/remotes/origin/main) || return 0
  found=$(GITHUB_API_URL=https://api.github.com GITHUB_REPOSITORY=$repository GITHUB_SHA=$main GITHUB_TOKEN=$token \
    python3 -m deploy.pipeline.gate ${TARGET:+--target "$TARGET"} 2>/dev/null) || [ -n "$found" ] || return 0
  printf '\nThe way through GitHub (docs/approving.md):\n%s\n' "$found"
}

on_each_host() { # command word...: stop at the first failure and name the hosts that were not reached; status asks them all
  local i rc worst=0
  for i in "${!HOSTS[@]}"; do
    rc=0
    case $1 in deploy | rollback | restart | setup) "$1" "${HOSTS[i]}" || rc=$? ;; *) remote "${HOSTS[i]}" "$@" || rc=$? ;; esac
    [ "$rc" != 0 ] || continue
    explain "$rc" "$1" "${HOSTS[i]}"
    [ "$worst" != 0 ] || worst=$rc
    [ "$1" != status ] || continue
    return_all
    abort "$rc" "$1 failed on ${HOSTS[i]} (exit $rc)$([ "$((i + 1))" = "${#HOSTS[@]}" ] || echo "; not reached: ${HOSTS[*]:i+1}")"
  done
  [ "$worst" = 0 ] || exit "$worst"
}

explain() { # code command host: what the code alone does not say
  case "$1 $2" in
    "255 "*) echo "deploy.sh: ssh to $3 failed; a deploy that is running there goes on by itself: $SELF status" ;;
    "77 cancel" | "77 booty" | "77 restart" | "64 logs") echo "note: if $3 was set up by an earlier release, run: $SELF setup" ;;
  esac >&2
  [ "$2" != status ] || echo "deploy.sh: $3 does not serve, or does not say so (exit $1)" >&2
}

return_all() { # with --rollback-all, the hosts that this run has deployed to go back; without it, say which they are
  local host seen again
  [ "${#DEPLOYED[@]}" -gt 0 ] || return 0
  for host in "${DEPLOYED[@]}"; do
    read -r host seen <<<"$host"
    again="DEPLOY_HOST=$host $SELF"
    [ -z "$TARGET" ] || again=$SELF # its hosts are in its file; one that runs that release already keeps it
    if [ -z "$ROLLBACK_ALL" ]; then echo "note: $host runs booty@$SHA; to go back there: $again rollback $seen"
    elif [ "$seen" = none ] || [ "$seen" = "$SHA" ]; then echo "note: $host keeps booty@$SHA: it ran nothing else before"
    else remote "$host" rollback "$seen" "$DEPLOY_ACTOR" "$DEPLOY_RUN_URL" || abort 2 "the rollback of $host to $seen failed as well: page someone"; fi
  done
}

interrupted() { # Ctrl-C: end the deploy that this run has started, and no other
  trap - INT TERM
  if [ -n "$DEPLOYING" ]; then
    cancel_own | tee "$PRIVATE/said" || true
    if ! grep -qx cancelled "$PRIVATE/said"; then # what has not begun never does once we have hung up
      hang_up
      cancel_own || true # it may have begun just before that
    fi
  fi
  wait # for the last words of what was ended
  exit 130
}

cancel_own() { remote "$DEPLOYING" cancel "$SHA" "$DEPLOY_ACTOR" "$DEPLOY_RUN_URL" </dev/null; }

say_logs() {
  local words=${FOLLOW:+ --follow}${SINCE:+ --since=$SINCE}
  [ -z "$GREP" ] || words+=" --grep=$(printf %s "$GREP" | base64 | tr -d '\n')" # any text; the droplet takes letters only
  # shellcheck disable=SC2086 # words
  on_each_host logs $words
}

operate() { # booty word...: the service's own command on each host
  local word="[A-Za-z0-9#][]A-Za-z0-9#@._:/=?\&,+~-]{0,299}" option="--[a-z][a-z-]{1,30}"
  [[ "$*" =~ ^booty\ (status(\ --json)?|retry\ (--all|[A-Za-z0-9][A-Za-z0-9._:-]{0,199})(\ --json)?)$ ||
    "$*" =~ ^booty\ (log|why|doctor|test-alert|reconcile|rebuild|route)(\ ($option(=$word)?|$word)){0,9}$ ]] ||
    abort 64 "it is booty status, retry FINGERPRINT or retry --all, log, why WHAT, doctor, test-alert, reconcile or rebuild; no odd letters"
  read_settings
  prepare_ssh
  on_each_host "$@"
}

read_words() { # word...: set what the options say, and WORDS to the others
  local word
  for word in "$@"; do
    if [ "$TARGET" = "?" ]; then TARGET=${word:-/}; continue; fi
    if [ "${WORDS[0]:-}" = booty ]; then WORDS+=("$word"); continue; fi # its own options
    case $word in
      --target) TARGET="?" ;; --target=?*) TARGET=${word#*=} ;;
      --help | -h) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
      --dry-run) DRY_RUN=1 ;; --rollback-all) ROLLBACK_ALL=1 ;;
      --json) JSON=--json ;;
      --follow) FOLLOW=1 ;; --since=?*) SINCE=${word#*=} ;; --grep=?*) GREP=${word#*=} ;;
      --since* | --grep*) abort 64 "$word needs its value behind a =, such as --since=2h" ;;
      -*) abort 64 "unknown option $word; see --help" ;;
      *) WORDS+=("$word") ;;
    esac
  done
  [ "$TARGET" != "?" ] || { TARGET=""; abort 64 "--target takes a name, such as staging"; }
}

check_words() { # [verb [commit...]]: what goes with what
  local verbs="deploy rollback restart cancel status releases logs setup"
  [ "$#" -le 2 ] || abort 64 "too many words; see --help"
  [[ -n ${1:-} && " $verbs " = *" $1 "* ]] || abort 64 "say what to do: ${verbs// /, }; see --help"
  [ "$#" -lt 2 ] || [[ $1 =~ ^(deploy|rollback)$ ]] || abort 64 "$1 takes no commit"
  [ "$#" -lt 2 ] || [ -n "$2" ] || abort 64 "the commit is an empty word, perhaps of a variable that is not set: name one, or none"
  [ -z "$DRY_RUN$ROLLBACK_ALL" ] || [ "$1" = deploy ] || abort 64 "--dry-run and --rollback-all go with deploy"
  [ -z "$JSON" ] || [[ $1 =~ ^(status|releases)$ ]] || abort 64 "--json goes with status and releases"
  [ -z "$FOLLOW$SINCE$GREP" ] || [ "$1" = logs ] || abort 64 "--follow, --since and --grep go with logs"
  [[ $SINCE =~ ^([0-9]{1,6}[smhd]|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?)?$ ]] || abort 64 "--since is 15m, 2h, 3d or 2026-01-31T12:00: $SINCE"
}

carry_out() { # verb [commit]
  case $1 in
    deploy) resolve "${2:-}"
      on_each_host deploy
      exit "$WARNED" ;;
    rollback) if [ -n "${2:-}" ]; then full_sha "$2"; else SHA=previous; fi
      on_each_host rollback ;;
    cancel) on_each_host cancel any "$DEPLOY_ACTOR" "$DEPLOY_RUN_URL" ;;
    logs) say_logs ;;
    setup) on_each_host setup
      look_at_gate ;;
    status | releases) on_each_host "$1" ${JSON:+--json} ;;
    *) on_each_host "$1" ;;
  esac
}

main() {
  TARGET="" DRY_RUN="" JSON="" ROLLBACK_ALL="" FOLLOW="" SINCE="" GREP="" WARNED=0 DEPLOYING="" DEPLOYED=() WORDS=()
  read_words "$@"
  set -- ${WORDS[@]+"${WORDS[@]}"}
  if [ "${1:-}" = booty ]; then operate "$@"; exit; fi
  check_words "$@"
  read_settings
  prepare_ssh
  [[ ! $1 =~ ^(deploy|restart)$ ]] || trap interrupted INT TERM
  carry_out "$@"
}

main "$@"
