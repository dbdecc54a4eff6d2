# Runs a command, postgres or initdb, and ends it when the owner has gone.
# $1 signal for the command at the end  $2 folder to remove then, or empty
# $3 log file  $4... command
# Standard input is a pipe that the owner alone can write to, and never does.
# Descriptor 3, if open, is the lock of the data folder: held by being open.
sig=$1 remove=$2 log=$3
shift 3
exec 4<&0 </dev/null

"$@" >>"$log" 2>&1 4<&- &
pg=$!

# End of file: the owner closed the pipe, or died. The signal is repeated,
# because a server that has just been started may not listen to it yet.
(
	exec 3<&-
	read -r _ <&4
	: >owner-gone
	while kill -"$sig" "$pg"; do sleep 1; done
) >/dev/null 2>&1 &
watch=$!
exec 4<&-

trap 'kill -INT "$pg"' HUP INT TERM
wait "$pg"
rc=$?
while kill -0 "$pg" 2>/dev/null; do # a signal to this shell ended the wait
	wait "$pg"
	rc=$?
done
kill "$watch" 2>/dev/null
if [ -e owner-gone ]; then
	rm -f owner-gone
	if [ -n "$remove" ]; then
		cd / && rm -rf -- "$remove"
	fi
fi
exit "$rc"
