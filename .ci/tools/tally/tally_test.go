package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stream builds the lines of go test -json out of "action package test output".
func stream(lines ...[4]string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(`{"Action":"` + l[0] + `","Package":"` + l[1] + `","Test":"` + l[2] + `","Output":"` + l[3] + `"}` + "\n")
	}
	return b.String()
}

func TestRun(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in, skips string
		ok              bool
		last            string
		shows, hides    []string
	}{
		{
			name: "all pass",
			in: stream([4]string{"output", "p", "TestA", `=== RUN   TestA\n`}, [4]string{"output", "p", "TestA", `noise\n`},
				[4]string{"pass", "p", "TestA"}, [4]string{"pass", "p", "TestA/sub"},
				[4]string{"output", "p", "", `PASS\n`}, [4]string{"output", "p", "", `ok  \tp\t0.1s\n`}, [4]string{"pass", "p"}),
			ok: true, last: "2 passed, 0 failed, 0 skipped",
			shows: []string{"ok  \tp\t0.1s"}, hides: []string{"noise", "PASS"},
		},
		{
			name: "one fails, and only its words are shown",
			in: stream([4]string{"output", "p", "TestA", `calm\n`}, [4]string{"output", "p", "TestB", `loud\n`},
				[4]string{"pass", "p", "TestA"}, [4]string{"fail", "p", "TestB"},
				[4]string{"output", "p", "", `-test.shuffle 7\n`}, [4]string{"fail", "p"}),
			last:  "1 passed, 1 failed, 0 skipped",
			shows: []string{"loud", "-test.shuffle 7", "tests: 1 failed"}, hides: []string{"calm"},
		},
		{
			name: "a test that never ends shows its words",
			in: stream([4]string{"pass", "p", "TestA"}, [4]string{"output", "p", "TestB", `panic: no\n`},
				[4]string{"fail", "p"}),
			last: "1 passed, 1 failed, 0 skipped", shows: []string{"panic: no"},
		},
		{
			name: "a package that does not compile is one failure",
			in: `{"ImportPath":"p","Action":"build-output","Output":"x.go:1: bad\n"}` + "\n" +
				`{"ImportPath":"p","Action":"build-fail"}` + "\n" +
				stream([4]string{"pass", "q", "TestA"}, [4]string{"pass", "q"}, [4]string{"fail", "p"}),
			last: "1 passed, 1 failed, 0 skipped", shows: []string{"x.go:1: bad"},
		},
		{
			name: "cut off",
			in:   stream([4]string{"pass", "p", "TestA"}, [4]string{"output", "p", "TestB", `then nothing\n`}),
			last: "1 passed, 1 failed, 0 skipped", shows: []string{"then nothing", "FAIL\tp [cut off]"},
		},
		{
			name: "an unlisted skip",
			in:   stream([4]string{"pass", "p", "TestA"}, [4]string{"skip", "p", "TestB"}, [4]string{"pass", "p"}),
			last: "1 passed, 0 failed, 1 skipped", shows: []string{"skipped without a reason", "p TestB"},
		},
		{
			name:  "a listed skip",
			in:    stream([4]string{"pass", "p", "TestA"}, [4]string{"skip", "p", "TestB"}, [4]string{"pass", "p"}),
			skips: "# head\n\np TestB needs a moon\n", ok: true, last: "1 passed, 0 failed, 1 skipped",
		},
		{name: "nothing ran", in: stream([4]string{"skip", "p"}), last: "0 passed, 0 failed, 0 skipped", shows: []string{"no test ran"}},
		{name: "words that are not JSON", in: "go: no module\n", last: "0 passed, 0 failed, 0 skipped", shows: []string{"go: no module"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			skips, totals := filepath.Join(dir, "skips"), filepath.Join(dir, "totals")
			if err := os.WriteFile(skips, []byte(tc.skips), 0o600); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			ok, err := run(strings.NewReader(tc.in), &out, skips, totals)
			if err != nil || ok != tc.ok {
				t.Errorf("run = %v, %v, want %v", ok, err, tc.ok)
			}
			if !strings.HasSuffix(out.String(), tc.last+"\n") {
				t.Errorf("output ends %q, want %q", out.String(), tc.last)
			}
			for _, s := range tc.shows {
				if !strings.Contains(out.String(), s) {
					t.Errorf("output lacks %q:\n%s", s, out.String())
				}
			}
			for _, s := range tc.hides {
				if strings.Contains(out.String(), s) {
					t.Errorf("output shows %q:\n%s", s, out.String())
				}
			}
			if text, err := os.ReadFile(totals); err != nil || string(text) != tc.last+"\n" {
				t.Errorf("totals = %q, %v", text, err)
			}
		})
	}
}

func TestSkipsNeedReasons(t *testing.T) {
	t.Parallel()
	if _, err := readSkips(strings.NewReader("p TestB\n")); err == nil {
		t.Error("a skip without a reason was taken")
	}
}

func TestStarStandsForOnePart(t *testing.T) {
	t.Parallel()
	skips := map[string]string{"pkg TestSuite/TestOrder/*": "no order"}
	for name, want := range map[string]bool{
		"pkg TestSuite/TestOrder/1f2e": true, "pkg TestSuite/TestOrder": false, "pkg TestSuite/TestOrder/a/b": false, "pkg TestSuite/TestOther/1f2e": false,
	} {
		if excused(name, skips) != want {
			t.Errorf("%s: excused %v, want %v", name, !want, want)
		}
	}
}
