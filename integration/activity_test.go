package integration_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

const (
	anActivity = "11111111-1111-4111-8111-111111111111"
	aMember    = "22222222-2222-4222-8222-222222222222"
	aTenant    = "33333333-3333-4333-8333-333333333333"
)

func TestFactKeepsTheActivity(t *testing.T) {
	t.Parallel()
	for _, typ := range integration.ActivityTypes() {
		a := integration.Activity{ID: anActivity, Type: typ, MemberID: aMember, OccurredAt: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
			Name: "Gold", From: "Silver", About: integration.Ref{Kind: integration.KindEvent, Key: aTenant}, On: integration.Date{Year: 2026, Month: 12, Day: 31}}
		raw, err := a.Fact()
		if err != nil {
			t.Fatal(err)
		}
		got, err := integration.ParseFact(a.ID, raw)
		if err != nil || !reflect.DeepEqual(got, a) {
			t.Errorf("%s came back as %+v, %v", typ, got, err)
		}
	}
}

func TestFactStaysSmall(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\u0001", 400)
	a := integration.Activity{ID: anActivity, Type: integration.EventRegistered, MemberID: aMember, OccurredAt: time.Now(), Name: long, From: long}
	raw, err := a.Fact()
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > integration.MaxFact {
		t.Errorf("a fact of %d bytes, at most %d", len(raw), integration.MaxFact)
	}
}

func TestActivityMistakesAreFoundWhenRecorded(t *testing.T) {
	t.Parallel()
	good := integration.Activity{ID: anActivity, Type: integration.CourseEnrolled, MemberID: aMember, OccurredAt: time.Now()}
	if err := integration.ActivityHappened(aTenant, good).Validate(); err != nil {
		t.Error(err)
	}
	nobody := good
	nobody.MemberID = ""
	if err := integration.ActivityHappened(aTenant, nobody).Validate(); err != nil {
		t.Errorf("an activity of nobody who is a member: %v", err)
	}
	for name, change := range map[string]func(*integration.Activity){
		"type":   func(a *integration.Activity) { a.Type = "danced" },
		"time":   func(a *integration.Activity) { a.OccurredAt = time.Time{} },
		"id":     func(a *integration.Activity) { a.ID = "1" },
		"member": func(a *integration.Activity) { a.MemberID = "M-1" },
		"about":  func(a *integration.Activity) { a.About = integration.Ref{Kind: integration.KindEvent, Key: "7"} },
	} {
		a := good
		change(&a)
		if err := integration.ActivityHappened(aTenant, a).Validate(); err == nil {
			t.Errorf("recorded an activity with a wrong %s", name)
		}
	}
}

func TestParseFactRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{``, `{`, `{"v":2,"type":"course-enrolled","occurredAt":"2026-01-01T00:00:00Z"}`,
		`{"v":1,"type":"course-enrolled","occurredAt":"2026-01-01T00:00:00Z","on":"soon"}`, `{"v":1,"type":"danced","occurredAt":"2026-01-01T00:00:00Z"}`} {
		if _, err := integration.ParseFact(anActivity, []byte(raw)); err == nil {
			t.Errorf("read %q", raw)
		}
	}
}
