#!/bin/sh
# What the forge's workflow does, one word a step: publish, render, deliver, questions, verdict.
#
# `recap init --forge` wrote it; run it by hand in a clone to see what the forge would do.
# The push is the fence between two that run at once: whoever is rejected throws away what it
# wrote, takes what is there now, and does its work again. Nothing is ever merged.
#
#   RECAP           the program, if it is not on the path
#   RECAP_BRANCH    the branch that is published; main if absent
#   RECAP_PROPOSE   a branch to propose changes on, where RECAP_BRANCH takes no push
#   RECAP_KEEP      what is committed; data if absent
#   RECAP_OUT       another folder to publish into than feeds/
#   RECAP_TRIES     how often a rejected push is tried again; 5 if absent
set -eu

recap=${RECAP:-recap}
branch=${RECAP_BRANCH:-main}
propose=${RECAP_PROPOSE:-}
target=${propose:-$branch}
keep=${RECAP_KEEP:-data}
state=.recap
verdict=$state/verdict
tries=${RECAP_TRIES:-5}

say() {
    echo "recap.sh: $*" >&2
}

# git as whoever is set up here, else as a name of its own.
as_recap() {
    git -c user.name="$(git config user.name || echo recap)" \
        -c user.email="$(git config user.email || echo recap@localhost.invalid)" "$@"
}

# Everything here throws away what a clone has not committed.
careful() {
    # shellcheck disable=SC2086 - a list of folders
    if [ -n "$(git status --porcelain --untracked-files=no)$(git status --porcelain -- $keep)" ]; then
        say "this clone has changes that are not committed, and would lose them; commit them first"
        exit 2
    fi
}

fetch() {
    git fetch --quiet --prune origin "+refs/heads/*:refs/remotes/origin/*"
}

holds() {
    git rev-parse --quiet --verify "origin/$2" >/dev/null &&
        git merge-base --is-ancestor "origin/$1" "origin/$2"
}

# Stand where the work begins: on what is published, or on what is proposed if that holds all of
# it. What was proposed before, and is in neither, has to be seen once more, due or not.
stand() {
    fetch
    begin=origin/$branch
    due=--due
    if [ -n "$propose" ] && holds "$branch" "$propose"; then
        begin=origin/$propose
    elif [ -n "$propose" ] && ! holds "$propose" "$branch"; then
        due=
    fi
    git reset --quiet --hard "$begin"
}

# Commit what changed and push it. 0 pushed, or nothing to push; 1 rejected.
push() {
    # shellcheck disable=SC2086 - a list of folders
    git add --all -- $keep
    if git diff --cached --quiet; then
        # A proposal that is merged, or that nothing is left of, has had its time.
        if [ -n "$propose" ] && [ "$begin" = "origin/$branch" ] &&
            git rev-parse --quiet --verify "origin/$propose" >/dev/null; then
            git push --quiet origin --delete "$propose"
        fi
        return 0
    fi
    as_recap commit --quiet --message "$1"
    if [ -n "$propose" ]; then
        git push --quiet --force-with-lease origin "HEAD:refs/heads/$target"
    else
        git push --quiet origin "HEAD:refs/heads/$target"
    fi
}

# Throw away what was written and is not to be committed here.
undo() {
    git reset --quiet --hard "origin/$branch"
    # shellcheck disable=SC2086 - a list of folders
    git clean --quiet --force -d -- $keep
}

# A list that was just looked at is not due; who starts again needs what was known before.
remember() {
    rm -rf "$state.before"
    mkdir -p "$state"
    cp -R "$state" "$state.before"
}

forget() {
    rm -rf "$state"
    cp -R "$state.before" "$state"
}

# Keep the exit code for `verdict`: what one event's files are lacking stops no other event.
note() {
    mkdir -p "$state"
    case $1 in
    0 | 3) ;;
    1 | 2) echo "$1" >"$verdict" ;;
    *) exit "$1" ;;
    esac
}

publish() {
    careful
    rm -f "$verdict"
    remember
    try=1
    while :; do
        stand
        code=0
        # shellcheck disable=SC2086 - options
        $recap publish $due --no-deliver ${RECAP_OUT:+--out "$RECAP_OUT"} || code=$?
        note "$code"
        if [ ! -e "${RECAP_OUT:-feeds}/status.json" ]; then
            say "nothing was published, so nothing is deployed over what is there"
            exit "$code"
        fi
        if push "recap: what the lists show"; then
            rm -rf "$state.before"
            return 0
        fi
        if [ "$try" -ge "$tries" ]; then
            say "the push was rejected $tries times; the next run starts again"
            stand
            forget
            return 1
        fi
        say "somebody else was quicker; starting again from what is there now"
        try=$((try + 1))
        forget
    done
}

# Where changes are proposed, what is published is what was accepted, and nothing else.
render() {
    careful
    fetch
    git reset --quiet --hard "origin/$branch"
    code=0
    $recap publish --offline --no-deliver ${RECAP_OUT:+--out "$RECAP_OUT"} || code=$?
    note "$code"
    undo
}

# What has left is known to the state, so doing it again marks it and sends nothing twice.
deliver() {
    careful
    if [ -n "$propose" ]; then
        # What is only proposed is told to nobody, and what was sent is known to the state alone.
        fetch
        git reset --quiet --hard "origin/$branch"
        code=0
        $recap deliver || code=$?
        note "$code"
        undo
        return 0
    fi
    try=1
    while :; do
        stand
        code=0
        $recap deliver || code=$?
        note "$code"
        if push "recap: what was sent"; then
            return 0
        fi
        if [ "$try" -ge "$tries" ]; then
            say "the push was rejected $tries times; the next run marks what was sent"
            return 1
        fi
        say "somebody else was quicker; marking again on what is there now"
        try=$((try + 1))
    done
}

# One issue that always stands: open while there are questions, closed while there are none.
questions() {
    title="Recordings to review"
    body=$(mktemp)
    $recap review --format markdown >"$body" || note $?
    number=$(gh issue list --state all --search "in:title \"$title\"" --json number,title \
        --jq "map(select(.title == \"$title\"))[0].number // empty")
    if grep -q '^# Nothing to review' "$body"; then
        if [ -n "$number" ]; then
            gh issue edit "$number" --body-file "$body" >/dev/null
            gh issue close "$number" >/dev/null
        fi
    elif [ -n "$number" ]; then
        gh issue edit "$number" --body-file "$body" >/dev/null
        gh issue reopen "$number" >/dev/null
    else
        gh issue create --title "$title" --body-file "$body" >/dev/null
    fi
    rm -f "$body"
}

# One request that always stands, while there is something to propose.
proposal() {
    fetch
    if ! git rev-parse --quiet --verify "origin/$propose" >/dev/null; then
        return 0
    fi
    open=$(gh pr list --head "$propose" --base "$branch" --state open --json number --jq length)
    if [ "$open" = 0 ]; then
        gh pr create --head "$propose" --base "$branch" --title "What the lists show" \
            --body "Proposed by the recap workflow; merging it publishes it." >/dev/null || {
            say "let workflows create pull requests (Settings, Actions, General), or make one" \
                "of $propose by hand; the rest goes on"
            note 1
        }
    fi
}

verdict() {
    if [ -s "$verdict" ]; then
        exit "$(cat "$verdict")"
    fi
}

case ${1:-} in
publish | render | deliver | questions | proposal | verdict) "$1" ;;
*)
    say "say what to do: publish, render, deliver, questions, proposal or verdict"
    exit 2
    ;;
esac
