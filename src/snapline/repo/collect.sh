# Runs in the agent's sandbox, as the agent, after everything of the agent is dead: prints one git bundle on standard
# output, or nothing when nothing changed. Whatever is planted in this workspace runs in here, where it may.
set -u
base=$1
exec 3>&1 1>&2
export GIT_DIR="$PWD/.git" GIT_WORK_TREE="$PWD" GIT_NO_REPLACE_OBJECTS=1 GIT_TERMINAL_PROMPT=0 GIT_EDITOR=true
export GIT_AUTHOR_NAME=Snapline GIT_AUTHOR_EMAIL=snapline@localhost
export GIT_COMMITTER_NAME=Snapline GIT_COMMITTER_EMAIL=snapline@localhost
unset GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_NAMESPACE

plain_git() {
  git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.untrackedCache=false -c core.commitGraph=false \
    -c core.excludesFile=/dev/null -c commit.gpgSign=false -c gc.auto=0 -c advice.addEmbeddedRepo=false "$@"
}
give_up() { echo "snapline: $1"; exit 3; }

plain_git rev-parse --git-dir >/dev/null || give_up "the workspace is no git repository any more"
tip=$(plain_git rev-parse --verify --quiet 'HEAD^{commit}')
# Collecting twice gives the same commit: its dates are those of what it is made on.
moment="@$([ -n "$tip" ] && plain_git log -1 --no-show-signature --format=%ct "$tip" || echo 0) +0000"
export GIT_AUTHOR_DATE="$moment" GIT_COMMITTER_DATE="$moment"

if ! plain_git add --all --ignore-errors; then
  # A lock that was left behind or a broken index: an index of our own needs neither. What still cannot be added
  # (an unreadable file, an empty repository in a folder) is named above and left out.
  export GIT_INDEX_FILE="$GIT_DIR/collect-$$-$RANDOM"
  if [ -n "$tip" ]; then plain_git read-tree "$tip"; else plain_git read-tree --empty; fi
  plain_git add --all --ignore-errors || echo "snapline: some files could not be added and are left out"
fi
tree=$(plain_git write-tree) || give_up "the files could not be recorded"

if [ -z "$tip" ]; then
  tip=$(plain_git commit-tree -m "Work without history" "$tree") || give_up "the work could not be committed"
elif [ "$tree" != "$(plain_git rev-parse "$tip^{tree}")" ]; then
  tip=$(plain_git commit-tree -p "$tip" -m "Work left uncommitted" "$tree") || give_up "the work could not be committed"
fi

known=()
if plain_git cat-file -e "$base^{commit}" 2>/dev/null; then
  [ "$tip" = "$base" ] && exit 0
  if [ -z "$(plain_git rev-list -n 1 "$tip" "^$base")" ]; then
    # HEAD was moved to before the base: an empty bundle would look like no change at all.
    tip=$(plain_git commit-tree -p "$tip" -m "HEAD before the base" "$tree") || give_up "HEAD could not be collected"
  fi
  known=(--not "$base")
fi
plain_git update-ref --no-deref refs/snapline/collected "$tip" || give_up "the work could not be named"
plain_git bundle create --quiet - refs/snapline/collected ${known[@]+"${known[@]}"} >&3 || give_up "git made no bundle"
