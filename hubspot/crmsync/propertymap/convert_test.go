package propertymap_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestFormatsOfEachKind(t *testing.T) {
	t.Parallel()
	sydney := zone(t, "Australia/Sydney")
	for _, c := range []struct{ field, property, want string }{
		{"firstName", "c_text", "Jane"},
		{"contactNumber", "c_phone", "02 1234"},
		{"postcode", "c_text", "0200"},
		{"user.email", "email", "jane@example.org"},
		{"dateOfBirth", "c_date", "1980-02-29"},
		{"dateOfBirth", "c_datetime", "1980-02-29T00:00:00.000Z"},
		{"dateOfBirth", "c_text", "1980-02-29"},
		{"registerDate", "c_datetime", "2024-05-06T07:08:09.123Z"},
		{"registerDate", "c_date", "2024-05-06"},
		{"registerDate", "c_text", "2024-05-06T17:08:09+10:00"},
		{"membership.renewedAt", "c_date", "2026-01-01"},
		{"status", "c_text", "active"},
		{"status", "c_status", "Active"},
		{"interestedIn", "c_text", "Law; Tax"},
		{"interestedIn", "c_many", "tax;law"},
		{"eventInterests", "c_many", "gala"},
		{"city", "unknown", "Sydney"}, // of a property that nobody knows the field decides
		{"dateOfBirth", "unknown", "1980-02-29"},
		{"registerDate", "unknown", "2024-05-06T07:08:09.123Z"},
	} {
		if got, why, ok := valueOf(t, only(to(c.field, c.property), schema()), member(), sydney, c.property); got != c.want || why != "" || !ok {
			t.Errorf("%s to %s: %q (%s), want %q", c.field, c.property, got, why, c.want)
		}
	}
	r := integration.MappingRule{Object: propertymap.Company, Field: "seats", Property: "c_text", Policy: integration.PolicyOurs}
	for _, property := range []string{"c_text", "c_number"} {
		r.Property = property
		m := propertymap.New(propertymap.Company, []integration.MappingRule{r}, schema())
		if got, _, _ := valueOf(t, m, organization(), nil, property); got != "10" {
			t.Errorf("seats to %s: %q", property, got)
		}
	}
}

func TestWhatCannotBeWrittenIsLeftAndNotBlank(t *testing.T) {
	t.Parallel()
	e := member()
	e.InterestedIn = []string{"Law", "Golf", " law ", ""}
	e.DateOfBirth = integration.Date{Year: 2023, Month: 2, Day: 29}
	e.Bio = "no owner"
	for _, c := range []struct {
		field, property string
		why             propertymap.Reason
		want            string
		has             bool
	}{
		{"interestedIn", "c_many", propertymap.ReasonOption, "law", true}, // what is offered goes out
		{"dateOfBirth", "c_date", propertymap.ReasonDate, "", false},
		{"dateOfBirth", "c_text", propertymap.ReasonDate, "", false},
		{"city", "c_one", propertymap.ReasonOption, "", false},
		{"city", "c_number", propertymap.ReasonType, "", false}, // was another type when it was checked
		{"city", "c_file", propertymap.ReasonType, "", false},
		{"bio", "hubspot_owner_id", propertymap.ReasonOption, "", false},
		{"contactNumber", "hubspot_owner_id", propertymap.ReasonOption, "", false},
	} {
		got, why, has := valueOf(t, only(to(c.field, c.property), schema()), e, nil, c.property)
		if got != c.want || why != c.why || has != c.has {
			t.Errorf("%s to %s: %q, %v (%s), want %q, %v (%s)", c.field, c.property, got, has, why, c.want, c.has, c.why)
		}
	}
	e.Bio = "8472"
	if got, why, _ := valueOf(t, only(to("bio", "hubspot_owner_id"), schema()), e, nil, "hubspot_owner_id"); got != "8472" || why != "" {
		t.Errorf("an owner's id: %q (%s)", got, why)
	}
	e.InterestedIn = []string{" ", "\xff"}
	if got, why, has := valueOf(t, only(to("interestedIn", "c_many"), schema()), e, nil, "c_many"); got != "" || why != "" || !has {
		t.Errorf("a list of blanks: %q, %v (%s)", got, has, why)
	}
}

func TestTextIsCleanedAndCut(t *testing.T) {
	t.Parallel()
	m := only(to("bio", "c_area"), schema())
	for in, want := range map[string]string{
		"  a\xffb \n":                    "ab",
		"\t":                             "",
		strings.Repeat("é", 65536) + "x": strings.Repeat("é", 65536),
		strings.Repeat("x", 65536):       strings.Repeat("x", 65536),
		strings.Repeat("👍", 70000):       strings.Repeat("👍", 65536),
	} {
		e := member()
		e.Bio = in
		got, _, _ := valueOf(t, m, e, nil, "c_area")
		if got != want || !utf8.ValidString(got) {
			t.Errorf("%.20q is %d bytes, want %d", in, len(got), len(want))
		}
	}
}

// A moment becomes the day that the tenant's calendar shows, and a day stays
// that day, wherever the tenant, HubSpot and we are.
func TestDaysOfTheTenantsCalendar(t *testing.T) {
	t.Parallel()
	m := propertymap.New(propertymap.Contact, []integration.MappingRule{
		to("registerDate", "c_date"), to("membership.endDate", "memberpulse_membership_end"), to("dateOfBirth", "c_datetime")}, schema())
	for _, c := range []struct{ zone, at, want string }{
		{"UTC", "2026-03-29T23:59:59.999Z", "2026-03-29"},
		{"Pacific/Kiritimati", "2026-03-29T10:00:00Z", "2026-03-30"}, // UTC+14: the date line's one side
		{"Pacific/Pago_Pago", "2026-03-30T10:59:59Z", "2026-03-29"},  // UTC-11: the other
		{"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"},       // the line was crossed:
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"},       // the 30th was left out
		{"Asia/Kathmandu", "2026-03-29T18:14:59Z", "2026-03-29"},     // UTC+5:45
		{"Asia/Kathmandu", "2026-03-29T18:15:00Z", "2026-03-30"},
		{"Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"}, // the day that has 23 hours
		{"Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"},
		{"Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"},
		{"Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25"}, // the day that has 25
		{"Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25"},
		{"Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"},
		{"America/New_York", "2026-03-08T04:59:59Z", "2026-03-07"}, // spring forward
		{"America/New_York", "2026-03-09T03:59:59Z", "2026-03-08"},
		{"America/New_York", "2026-11-01T03:59:59Z", "2026-10-31"}, // fall back
		{"America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"},
		{"Australia/Sydney", "2026-04-04T13:00:00Z", "2026-04-05"}, // southern autumn
		{"Australia/Sydney", "2026-10-03T13:59:59Z", "2026-10-03"}, // southern spring
		{"Australia/Lord_Howe", "2026-10-03T13:30:00Z", "2026-10-04"},
		{"America/Sao_Paulo", "2018-11-04T02:59:59Z", "2018-11-03"}, // midnight itself was skipped
		{"America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04"},
		{"Africa/Monrovia", "1971-12-31T23:50:00Z", "1971-12-31"}, // an offset with seconds
	} {
		at, err := time.Parse(time.RFC3339Nano, c.at)
		if err != nil {
			t.Fatal(err)
		}
		e := member()
		e.RegisteredAt = at.In(zone(t, "Asia/Tokyo")) // the host's own zone must not matter
		vs := m.Values(e, zone(t, c.zone)).Of
		if vs["c_date"] != c.want {
			t.Errorf("%s in %s: %s, want %s", c.at, c.zone, vs["c_date"], c.want)
		}
		if vs["memberpulse_membership_end"] != "2026-12-31" || vs["c_datetime"] != "1980-02-29T00:00:00.000Z" {
			t.Errorf("a day in %s: %v", c.zone, vs)
		}
	}
}

// Every other hour of a year, in zones around the world: the day is the one that
// a clock on the tenant's wall shows.
func TestAYearInManyZones(t *testing.T) {
	t.Parallel()
	m := only(to("registerDate", "c_date"), []hubspot.Property{{Name: "c_date", Type: "date", FieldType: "date"}})
	for _, name := range []string{"Pacific/Kiritimati", "Pacific/Chatham", "Australia/Lord_Howe", "Asia/Tehran", "Europe/London", "America/St_Johns", "America/Santiago", "Pacific/Marquesas", "Etc/GMT+12"} {
		loc := zone(t, name)
		var e integration.Member
		last := ""
		for at := time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC); at.Year() < 2027; at = at.Add(2*time.Hour + 15*time.Minute) {
			e.RegisteredAt = at
			got := m.Values(e, loc).Of["c_date"]
			if wall := at.In(loc).Format("2006-01-02"); got != wall || got < last {
				t.Fatalf("%s in %s: %s after %s, want %s", at, name, got, last, wall)
			}
			last = got
		}
	}
}
