package main

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
)

// readSkips reads the tests that may be skipped: per line a package, a test and
// the reason. A * in the test stands for one of its parts that changes from run
// to run. Empty lines and lines that start with # are left out.
func readSkips(r io.Reader) (map[string]string, error) {
	skips := map[string]string{}
	in := bufio.NewScanner(r)
	for n := 1; in.Scan(); n++ {
		text := strings.TrimSpace(in.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		words := strings.Fields(text)
		if len(words) < 3 {
			return nil, fmt.Errorf("tally: line %d of the skips: want a package, a test and a reason", n)
		}
		skips[words[0]+" "+words[1]] = strings.Join(words[2:], " ")
	}
	return skips, in.Err()
}

// judge says what is wrong with a finished run, one complaint per item.
func judge(t *tally, skips map[string]string) []string {
	var wrong []string
	if t.tests == 0 {
		wrong = append(wrong, "no test ran")
	}
	if t.failed > 0 {
		wrong = append(wrong, fmt.Sprintf("%d failed", t.failed))
	}
	for _, s := range t.skipped {
		if !excused(s, skips) {
			wrong = append(wrong, "skipped without a reason in .ci/skips.txt: "+s)
		}
	}
	return wrong
}

func excused(skipped string, skips map[string]string) bool {
	for pattern := range skips {
		if ok, err := path.Match(pattern, skipped); ok && err == nil {
			return true
		}
	}
	return false
}
