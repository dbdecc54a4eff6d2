// Command tally reads the output of go test -json, prints it as go test would,
// and counts. It exits 1 if a test failed, if one was skipped that the list of
// skips does not name with a reason, or if no test ran.
//
//	go test -json ./... | tally -skips .ci/skips.txt -totals FILE
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	skipFile := flag.String("skips", "", "`file` of tests that may be skipped")
	totals := flag.String("totals", "", "write \"N passed, N failed, N skipped\" to this `file` too")
	flag.Parse()
	ok, err := run(os.Stdin, os.Stdout, *skipFile, *totals)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// run reports whether everything is in order.
func run(in io.Reader, out io.Writer, skipFile, totals string) (bool, error) {
	skips := map[string]string{}
	if skipFile != "" {
		f, err := os.Open(skipFile)
		if err != nil {
			return false, fmt.Errorf("tally: %w", err)
		}
		defer f.Close()
		if skips, err = readSkips(f); err != nil {
			return false, err
		}
	}
	t := newTally(out)
	if err := t.read(in); err != nil {
		return false, fmt.Errorf("tally: read: %w", err)
	}
	wrong := judge(t, skips)
	for _, w := range wrong {
		fmt.Fprintln(out, "tests:", w)
	}
	fmt.Fprintln(out, t.line())
	if totals != "" {
		if err := os.WriteFile(totals, []byte(t.line()+"\n"), 0o644); err != nil {
			return false, fmt.Errorf("tally: %w", err)
		}
	}
	return len(wrong) == 0, nil
}
