package propertymap_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
)

func TestSentSurvivesItsStorage(t *testing.T) {
	t.Parallel()
	s := propertymap.ParseSent([]string{"zip=02", "city", "zip", "zip=01", "zip=02", "", "=x", "state="})
	want := propertymap.Sent{"zip": {"02", "01"}, "city": nil, "state": nil}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("%v, want %v", s, want)
	}
	entries := s.Entries()
	if !slices.Equal(entries, []string{"city", "state", "zip", "zip=01", "zip=02"}) {
		t.Errorf("%v", entries)
	}
	again := propertymap.ParseSent(entries).Entries()
	if !slices.Equal(again, entries) {
		t.Errorf("%v", again)
	}
	// The union of two lists, as SQL makes it, is the union of both.
	more := propertymap.ParseSent(slices.Concat(entries, propertymap.Sent{"city": {"07"}}.Entries()))
	if !slices.Equal(more["city"], []string{"07"}) || len(more) != 3 {
		t.Errorf("%v", more)
	}
	if got := propertymap.Sent(nil).Entries(); got == nil || len(got) > 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestDigestsTellNoValueAndNoEqual(t *testing.T) {
	t.Parallel()
	m := only(to("city", "city"), nil)
	fills := func(key, city string) string {
		d := m.Decide(map[string]string{"city": city}, propertymap.Record{Key: key, Origin: propertymap.CreatedNow})
		if len(d.Fills["city"]) != 1 || len(d.Fills["city"][0]) != 16 {
			t.Fatalf("%v", d.Fills)
		}
		for _, e := range d.Fills.Entries() {
			if strings.Contains(e, ",") || strings.Contains(e, "Sydney") {
				t.Errorf("entry %q", e)
			}
		}
		return d.Fills["city"][0]
	}
	once, again := fills("a", "Sydney"), fills("a", "Sydney")
	if once != again || fills("a", "Sydney") == fills("b", "Sydney") || fills("a", "Sydney") == fills("a", "Perth") {
		t.Error("digests do not tell entity and value")
	}
}

// What one member's sync left in a record goes on being ours for the member
// that takes the record over; what people have changed since is theirs.
func TestWhatWasLeftIsInherited(t *testing.T) {
	t.Parallel()
	m := propertymap.New(propertymap.Contact, propertymap.Defaults(), nil)
	sent := m.Filled("old", map[string]string{"phone": "1", "city": "Perth", "zip": "6000"})
	sent["memberpulse_tags"] = nil // not of the map
	got := m.Inherit(sent, propertymap.Record{Key: "old", Asked: []string{"phone", "city"},
		Present: map[string]string{"phone": "1", "city": "Sydney"}}, "new")
	want := m.Filled("new", map[string]string{"phone": "1"})
	want["zip"], want["memberpulse_tags"] = nil, nil // was not looked at
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("inherited %v, want %v", got, want)
	}
}
