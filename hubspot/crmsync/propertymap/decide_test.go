package propertymap_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

var policies = []integration.Policy{integration.PolicyOurs, integration.PolicyIfEmpty, integration.PolicyOnCreate}

// wrote is what we hold to have sent after we wrote these values, one of them
// with an unknown outcome.
func wrote(values ...string) propertymap.Sent {
	var entries []string
	for _, v := range values {
		entries = append(entries, only(to("city", "city"), nil).Decide(map[string]string{"city": v},
			propertymap.Record{Key: memberKey, Origin: propertymap.CreatedNow}).Fills.Entries()...)
	}
	return propertymap.ParseSent(entries)
}

// Every policy, origin, value in HubSpot, value of the member and memory of what
// was sent, against rules that are written down a second time.
func TestDecisionMatrix(t *testing.T) {
	t.Parallel()
	sents := map[string]propertymap.Sent{
		"never": nil, "unknown": propertymap.ParseSent([]string{"city"}), "known": wrote("old"), "either": wrote("older", "old"),
	}
	cases := 0
	for _, origin := range []propertymap.Origin{propertymap.CreatedNow, propertymap.CreatedBefore, propertymap.Adopted} {
		for _, policy := range policies {
			for memory, sent := range sents {
				for _, has := range []string{"", "old", "older", "foreign", "new"} {
					for _, v := range []string{"", "old", "new"} {
						for _, asked := range []bool{true, false} {
							cases++
							other := integration.PolicyOurs // must not matter
							r := to("city", "city", policy, other)
							if origin == propertymap.Adopted {
								r = to("city", "city", other, policy)
							}
							rec := propertymap.Record{Key: memberKey, Origin: origin, Sent: sent}
							if asked {
								rec.Asked = []string{"city"}
								if has != "" {
									rec.Present = map[string]string{"city": has}
								}
							}
							d := only(r, nil).Decide(map[string]string{"city": v}, rec)
							action, reads := oracle(origin, policy, memory, has, v, asked)
							name := fmt.Sprintf("origin %d, %s, sent %s, HubSpot %q, member %q, asked %v", origin, policy, memory, has, v, asked)
							got, writes := d.Write["city"]
							if (action != "") != writes || action == "write" && got != v || action == "clear" && got != "" || reads != (len(d.Read) > 0) {
								t.Errorf("%s: writes %v %q, reads %v; want %q, reads %v", name, writes, got, d.Read, action, reads)
							}
							remembers(t, name, d, action, v, sent)
							if looked := asked && !reads && origin != propertymap.CreatedNow && policy != integration.PolicyOnCreate; looked && action == "" && memory != "never" {
								learns(t, name, d, memory, has, v)
							}
						}
					}
				}
			}
		}
	}
	if cases != 3*3*4*5*3*2 {
		t.Errorf("%d cases", cases)
	}
}

// oracle says what has to happen to a property: "write", "clear" or nothing.
func oracle(origin propertymap.Origin, policy integration.Policy, memory, has, v string, asked bool) (action string, reads bool) {
	untouched := memory == "known" && has == "old" || memory == "either" && (has == "old" || has == "older") ||
		memory == "unknown" && has == v // it has what the member has, and we filled it once
	switch {
	case origin == propertymap.CreatedNow && v != "":
		return "write", false
	case origin == propertymap.CreatedNow && memory != "never":
		return "clear", false
	case origin == propertymap.CreatedNow, policy == integration.PolicyOnCreate:
		return "", false
	case policy == integration.PolicyOurs && v != "":
		return "write", false
	case v == "" && memory == "never":
		return "", false
	case v == "" && memory == "unknown" && policy == integration.PolicyOurs:
		return "clear", false
	case v == "" && memory == "unknown":
		return "", false
	case !asked:
		return "", true
	case v == "" && has != "" && untouched:
		return "clear", false
	case v != "" && has == "", v != "" && has != v && untouched:
		return "write", false
	}
	return "", false
}

// remembers checks that what is stored afterwards tells what was written.
func remembers(t *testing.T, name string, d propertymap.Decision, action, v string, before propertymap.Sent) {
	t.Helper()
	switch action {
	case "write":
		if want := wrote(v)["city"]; !slices.Equal(d.Sent["city"], want) || !slices.Equal(d.Fills["city"], want) {
			t.Errorf("%s: remembers %v, announces %v, want %v", name, d.Sent, d.Fills, want)
		}
	case "clear":
		if _, still := d.Sent["city"]; still || len(d.Fills) > 0 {
			t.Errorf("%s: a cleared property is still ours: %v, %v", name, d.Sent, d.Fills)
		}
	default:
		if _, ours := d.Sent["city"]; ours && before == nil || len(d.Fills) > 0 {
			t.Errorf("%s: claims what it did not write: %v, %v", name, d.Sent, d.Fills)
		}
	}
}

// learns checks what is stored after a look that led to no write: a value that
// is still ours by its digest, one that somebody changed not at all.
func learns(t *testing.T, name string, d propertymap.Decision, memory, has, v string) {
	t.Helper()
	digests, ours := d.Sent["city"]
	still := has == v && has != "" && (memory == "unknown" || has == "old" || memory == "either" && has == "older")
	switch {
	case still && !slices.Equal(digests, wrote(v)["city"]):
		t.Errorf("%s: ours still, but remembers %v", name, d.Sent)
	case !still && ours:
		t.Errorf("%s: not ours any more, but remembers %v", name, d.Sent)
	}
}

func TestKeysAreAlwaysWrittenAndNeverCleared(t *testing.T) {
	t.Parallel()
	m := propertymap.New(propertymap.Contact, nil, nil)
	sent := propertymap.ParseSent([]string{"email", "memberpulse_member_id"})
	for _, origin := range []propertymap.Origin{propertymap.CreatedNow, propertymap.CreatedBefore, propertymap.Adopted} {
		rec := propertymap.Record{Key: memberKey, Origin: origin, Sent: sent}
		d := m.Decide(map[string]string{"email": "a@example.org", "memberpulse_member_id": memberKey}, rec)
		if len(d.Write) != 2 || len(d.Read) > 0 {
			t.Errorf("origin %d: %+v", origin, d)
		}
		if d = m.Decide(map[string]string{"email": "", "memberpulse_member_id": memberKey}, rec); len(d.Write) != 1 || len(d.Read) > 0 {
			t.Errorf("origin %d, without an address: %+v", origin, d)
		}
	}
}

func TestLifecycleStageIsSetWithANewRecordAlone(t *testing.T) {
	t.Parallel()
	for _, property := range []string{"lifecyclestage", "hs_lead_status", "hubspot_owner_id"} {
		for _, stored := range policies { // whatever is stored
			m := only(to("membership.plan", property, stored), nil)
			values := map[string]string{property: "lead"}
			if d := m.Decide(values, propertymap.Record{Key: "k", Origin: propertymap.CreatedNow}); d.Write[property] != "lead" {
				t.Errorf("%s, %s: a new record: %+v", property, stored, d)
			}
			sent := m.Decide(values, propertymap.Record{Key: "k", Origin: propertymap.CreatedNow}).Sent
			for _, origin := range []propertymap.Origin{propertymap.CreatedBefore, propertymap.Adopted} {
				for _, v := range []string{"lead", "customer", ""} {
					d := m.Decide(map[string]string{property: v}, propertymap.Record{Key: "k", Origin: origin, Sent: sent,
						Asked: []string{property}, Present: map[string]string{property: "lead"}})
					if len(d.Write)+len(d.Read) > 0 {
						t.Errorf("%s, %s, origin %d, %q: %+v", property, stored, origin, v, d)
					}
				}
			}
			if reads := m.Reads(propertymap.Adopted, sent); len(reads) > 0 {
				t.Errorf("%s is read: %v", property, reads)
			}
		}
	}
}

func TestWhatHasNoValueIsLeftAlone(t *testing.T) {
	t.Parallel()
	m := only(to("city", "city"), nil)
	sent := wrote("old")
	d := m.Decide(map[string]string{"town": "x"}, propertymap.Record{Key: memberKey, Origin: propertymap.CreatedBefore, Sent: sent})
	if len(d.Write)+len(d.Read) > 0 || !slices.Equal(d.Sent.Entries(), sent.Entries()) {
		t.Errorf("%+v", d)
	}
}

// What HubSpot was not asked for is not empty.
func TestAnotherPropertysAnswerSaysNothing(t *testing.T) {
	t.Parallel()
	d := only(to("city", "city", integration.PolicyIfEmpty), nil).Decide(map[string]string{"city": "new"}, propertymap.Record{
		Key: memberKey, Origin: propertymap.Adopted, Asked: []string{"email"}, Present: map[string]string{"email": "a@example.org"}})
	if len(d.Write) > 0 || !slices.Equal(d.Read, []string{"city"}) {
		t.Errorf("%+v", d)
	}
}

func TestDecideChangesNothingOfItsInput(t *testing.T) {
	t.Parallel()
	m := only(to("city", "city"), nil)
	sent := wrote("old", "older")
	before := sent.Entries()
	d := m.Decide(map[string]string{"city": "new"}, propertymap.Record{Key: memberKey, Origin: propertymap.CreatedBefore, Sent: sent})
	d.Sent["city"] = append(d.Sent["city"], "x")
	if !slices.Equal(sent.Entries(), before) {
		t.Errorf("%v, was %v", sent.Entries(), before)
	}
}

// Reads names at once all that Decide can ask for afterwards.
func TestReadsCoversEveryDecision(t *testing.T) {
	t.Parallel()
	for _, policy := range policies {
		for _, origin := range []propertymap.Origin{propertymap.CreatedNow, propertymap.CreatedBefore, propertymap.Adopted} {
			for _, sent := range []propertymap.Sent{nil, propertymap.ParseSent([]string{"city"}), wrote("old")} {
				m := only(to("city", "city", policy), nil)
				asked := m.Reads(origin, sent)
				for _, v := range []string{"", "new"} {
					d := m.Decide(map[string]string{"city": v}, propertymap.Record{Key: memberKey, Origin: origin, Sent: sent, Asked: asked})
					if len(d.Read) > 0 {
						t.Errorf("%s, origin %d, sent %v, member %q: asked %v, reads %v", policy, origin, sent, v, asked, d.Read)
					}
				}
			}
		}
	}
	if got := propertymap.New(propertymap.Contact, propertymap.Defaults(), nil).Reads(propertymap.CreatedBefore, nil); len(got) > 0 {
		t.Errorf("a record of ours is read by default: %v", got)
	}
	if got := propertymap.New(propertymap.Contact, propertymap.Defaults(), nil).Reads(propertymap.Adopted, nil); !slices.IsSorted(got) || len(got) != 13 {
		t.Errorf("an adopted record: %v", got)
	}
}
