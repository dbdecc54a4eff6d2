package check_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

type form struct {
	line, lines, choice, web, email, domain, id string
	number                                      int
	day                                         integration.Date
	moment                                      time.Time
}

func read(f *form, v check.Values) error {
	c := check.Of(v)
	c.Line("line", &f.line, 5)
	c.Lines("lines", &f.lines, 5)
	c.Choice("choice", &f.choice, "a", "b")
	c.Web("web", &f.web)
	c.Email("email", &f.email)
	c.Domain("domain", &f.domain)
	c.ID("id", &f.id, "thing")
	c.Number("number", &f.number, 0, 9)
	c.Day("day", &f.day)
	c.Moment("moment", &f.moment, time.FixedZone("", 3600))
	return c.Err()
}

func TestValuesAreRead(t *testing.T) {
	t.Parallel()
	const id = "01a21332-c047-7222-bc55-dec40a21ed29"
	v := check.Values{"line": " five5 ", "lines": "a\r\nb", "choice": "b", "web": "https://a.example.org", "email": "a@b",
		"domain": "Example.org", "id": id, "number": "9", "day": "2026-12-31", "moment": "2026-12-31T10:00"}
	var f form
	if err := read(&f, v); err != nil {
		t.Fatal(err)
	}
	want := form{line: "five5", lines: "a\nb", choice: "b", web: "https://a.example.org", email: "a@b", domain: "example.org", id: id,
		number: 9, day: integration.Date{Year: 2026, Month: 12, Day: 31}, moment: time.Date(2026, 12, 31, 9, 0, 0, 0, time.UTC)}
	if f != want {
		t.Errorf("%+v, want %+v", f, want)
	}
	if err := read(&f, nil); err != nil || f != want {
		t.Errorf("what was not sent changed: %+v, %v", f, err)
	}
	if err := read(&f, check.Values{"line": "", "lines": "", "web": "", "email": "", "domain": "", "id": "", "number": "", "day": ""}); err != nil || f != (form{choice: "b", moment: want.moment}) {
		t.Errorf("clearing: %+v, %v", f, err)
	}
	if v["line"] == "" {
		t.Error("reading emptied the caller's values")
	}
}

func TestEveryMistakeIsNamed(t *testing.T) {
	t.Parallel()
	f := form{line: "kept", number: 3}
	bad := check.Values{"line": "a\x00", "lines": strings.Repeat("é", 6), "choice": "c", "web": "javascript:1", "email": "a@b@c", "domain": "https://x",
		"id": "x", "number": "10", "day": "31.12.2026", "moment": "now", "colour": "red", "crmId": "7"}
	err := read(&f, bad)
	var p *problem.Problem
	if !errors.As(err, &p) || p.Status != 422 {
		t.Fatalf("%v", err)
	}
	for field, v := range bad {
		if len(p.Errors[field]) != 1 || strings.Contains(p.Errors[field][0], v) && len(v) > 1 {
			t.Errorf("%s: %v", field, p.Errors[field])
		}
	}
	if f != (form{line: "kept", number: 3}) {
		t.Errorf("refused values were read: %+v", f)
	}
	c := check.Of(nil)
	if c.Required("name", "", "A name"); !errors.As(c.Err(), &p) || p.Errors["name"][0] != "A name is required." {
		t.Error("nothing is required")
	}
}
