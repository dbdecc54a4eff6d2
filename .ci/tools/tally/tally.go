package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is one line of go test -json; see "go doc test2json".
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build that failed
	Test       string
	Output     string
}

// tally counts tests, subtests, examples and fuzz seeds.
type tally struct {
	passed, failed int
	skipped        []string // "package Test"
	tests          int

	open map[string]*pkg
	out  io.Writer
}

// pkg is a package whose tests are running: what they said, until it is known
// whether anybody wants to read it.
type pkg struct {
	said   []line
	done   map[string]string // test -> pass, fail or skip
	failed bool
}

type line struct{ test, text string }

func newTally(out io.Writer) *tally { return &tally{open: map[string]*pkg{}, out: out} }

// read takes the whole stream. Lines that are not JSON are passed on.
func (t *tally) read(r io.Reader) error {
	in := bufio.NewReader(r)
	for {
		text, err := in.ReadString('\n')
		if strings.TrimSpace(text) != "" {
			var e event
			if json.Unmarshal([]byte(text), &e) != nil || e.Action == "" {
				fmt.Fprint(t.out, text)
			} else {
				t.take(e)
			}
		}
		if err == io.EOF {
			t.close()
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (t *tally) take(e event) {
	if e.Action == "build-output" {
		fmt.Fprint(t.out, e.Output)
		return
	}
	if e.Package == "" {
		return
	}
	p := t.open[e.Package]
	if p == nil {
		p = &pkg{done: map[string]string{}}
		t.open[e.Package] = p
	}
	switch {
	case e.Action == "output":
		p.said = append(p.said, line{e.Test, e.Output})
	case e.Action != "pass" && e.Action != "fail" && e.Action != "skip":
	case e.Test == "":
		t.end(e.Package, p, e.Action == "fail")
	default:
		t.count(e, p)
	}
}

func (t *tally) count(e event, p *pkg) {
	t.tests++
	p.done[e.Test] = e.Action
	switch e.Action {
	case "pass":
		t.passed++
	case "fail":
		t.failed++
		p.failed = true
	case "skip":
		t.skipped = append(t.skipped, e.Package+" "+e.Test)
	}
}

// end prints what go test would: one line of a package that passed, and of one
// that failed everything that its failed and unfinished tests said. A package
// that failed without a failed test, such as one that does not compile, counts
// as one failure.
func (t *tally) end(name string, p *pkg, failed bool) {
	delete(t.open, name)
	if failed && !p.failed {
		t.failed++
	}
	for _, l := range p.said {
		switch {
		case !failed && l.test == "":
			if isVerdict(l.text) {
				fmt.Fprint(t.out, l.text)
			}
		case failed && p.wants(l):
			fmt.Fprint(t.out, l.text)
		}
	}
}

func (p *pkg) wants(l line) bool {
	if l.test == "" {
		return true
	}
	how, finished := p.done[l.test]
	return (!finished || how == "fail") && !strings.HasPrefix(l.text, "=== ")
}

func isVerdict(text string) bool {
	return strings.HasPrefix(text, "ok  \t") || strings.HasPrefix(text, "?   \t") || strings.HasPrefix(text, "FAIL\t")
}

// close fails every package whose end did not arrive: the run was cut off.
func (t *tally) close() {
	names := make([]string, 0, len(t.open))
	for name := range t.open {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.end(name, t.open[name], true)
		fmt.Fprintf(t.out, "FAIL\t%s [cut off]\n", name)
	}
}

func (t *tally) line() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", t.passed, t.failed, len(t.skipped))
}
