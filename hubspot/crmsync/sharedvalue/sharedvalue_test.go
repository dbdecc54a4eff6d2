package sharedvalue_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/sharedvalue"
)

var start = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)

// versionsOf are those of a property, newest first, from the oldest on: "+" is
// one of a program, "-" one of a person.
func versionsOf(told ...string) []hubspot.PropertyValue {
	var out []hubspot.PropertyValue
	for i, v := range told {
		source := map[byte]string{'+': "INTEGRATION", '-': "CRM_UI"}[v[0]]
		out = append(out, hubspot.PropertyValue{Value: v[1:], Source: source, At: start.Add(time.Duration(i) * time.Second)})
	}
	slices.Reverse(out)
	return out
}

func TestTheirValuesAreWhatTheyLeft(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		told []string
		want string
	}{
		"nothing":                             {nil, ""},
		"nothing since":                       {[]string{"-vip;tag"}, "vip"},
		"our rewrite":                         {[]string{"-vip;tag", "+vip"}, "vip"},
		"an addition overwritten":             {[]string{"-vip;tag", "-vip;tag;press", "+vip"}, "press vip"},
		"a removal overwritten":               {[]string{"-vip;press;tag", "-vip;tag", "+vip;press"}, "vip"},
		"a change after ours":                 {[]string{"-vip;tag", "+vip", "-vip;press"}, "press vip"},
		"one overwritten, another after that": {[]string{"-vip;tag", "-vip;tag;press", "+vip", "-vip;board"}, "board press vip"},
		"what came back is no news":           {[]string{"-vip;press;tag", "-vip;tag", "+vip;press", "-vip;press;board"}, "board vip"},
		"a repair overwrites":                 {[]string{"-vip;tag", "-vip;tag;press", "+vip", "-", "+vip;press"}, "press"},
		"another program":                     {[]string{"-vip;tag", "+vip;tag;press"}, "press vip"},
		"a tag added to nothing":              {[]string{"-", "+tag"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			versions := versionsOf(c.told...)
			got := sharedvalue.Tags{All: []string{"tag"}}.Theirs(versions, max(len(versions)-1, 0))
			if strings.Join(got, " ") != c.want {
				t.Errorf("theirs = %v, want %s", got, c.want)
			}
		})
	}
}

func TestTheVersionThatStood(t *testing.T) {
	t.Parallel()
	versions := versionsOf("-a", "+b", "-c")
	for after, want := range map[time.Duration]int{-1: 3, 1: 2, time.Second: 2, time.Second + 1: 1, time.Hour: 0} {
		if got := sharedvalue.Standing(versions, start.Add(after)); got != want {
			t.Errorf("%v after the first: version %d, want %d", after, got, want)
		}
	}
	many := slices.Repeat(versions, 7) // HubSpot has forgotten what was before
	if got := sharedvalue.Standing(many, start.Add(-time.Hour)); got != len(many)-1 {
		t.Errorf("of %d versions number %d", len(many), got)
	}
}

// HubSpot keeps some versions only: if the one that a rewrite began with is gone
// by now, the oldest stands for it, and nobody's values are lost.
func TestTheVersionThatHubSpotKeepsNoMore(t *testing.T) {
	t.Parallel()
	tags := sharedvalue.Tags{All: []string{"a", "b"}, Has: []string{"a"}, Lose: []string{"b"}}
	var told []string
	for range 12 {
		told = append(told, "+vip;a", "+vip;b")
	}
	versions := versionsOf(told...)
	gone := sharedvalue.Version{Value: "vip", At: start.Add(-time.Hour)}
	if got := tags.Theirs(versions, gone.Find(versions)); !slices.Equal(got, []string{"vip"}) {
		t.Errorf("theirs are %v", got)
	}
	few := versions[:4]
	if got := (sharedvalue.Version{}).Find(few); got != len(few) {
		t.Errorf("before all of %d versions: %d", len(few), got)
	}
}
