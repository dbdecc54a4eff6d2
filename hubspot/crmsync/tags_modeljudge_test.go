package crmsync_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// judgePresent compares a contact with what holds of its member now.
func (w *tagWorld) judgePresent(n int, s *tagSoul, contact string, values map[string]string) map[string]bool {
	w.t.Helper()
	have := map[string]bool{}
	for _, property := range []string{"memberpulse_tags", "segments", "interests"} {
		theirs := map[string]bool{}
		for value := range valuesOf(values[property]) {
			switch {
			case !slices.Contains(modelSlugs, value):
				theirs[value] = true
			case w.targets[familyOf(value)] != property:
				w.t.Errorf("member %d: %s is in %s", n, value, property)
			default:
				have[value] = true
			}
		}
		w.judgeTheirs(n, contact, property, theirs)
	}
	last := s.moments[len(s.moments)-1]
	for slug, says := range w.sayings(last) {
		s.told[slug] = s.told[slug].after(says, last.gate.holds(slug, says))
	}
	last.told = s.told
	if !agrees(have, []string{"membership", "event", "course"}, last, last) {
		w.t.Errorf("member %d (lives: %v, %s) has %v; it says %s", n, s.lives, s.m.ID, slices.Sorted(maps.Keys(have)), w.tell(last))
	}
	for _, slug := range modelSlugs {
		if s.told[slug] = toldNot; have[slug] {
			s.told[slug] = toldOf
		}
	}
	last.told = maps.Clone(s.told)
	s.moments = []tagMoment{last}
	return have
}

// judgeTheirs compares what is there of other people's values with what they
// left. Who changes one contact four times, each time between our read and our
// write, can lose the last change.
func (w *tagWorld) judgeTheirs(n int, contact, property string, theirs map[string]bool) {
	w.t.Helper()
	at, want := [2]string{contact, property}, w.v.foreign[contact][property]
	excused := w.v.excused[at]
	if delete(w.v.excused, at); excused {
		w.compared.excused++
	}
	if !excused && !maps.Equal(theirs, want) {
		excused = w.overwritten(contact, property) > 3
	}
	for _, value := range modelForeign {
		switch unsure := [3]string{contact, property, value}; {
		case theirs[value] == want[value], w.v.unsure[unsure]:
		case excused:
			w.compared.lost++
			w.v.unsure[unsure] = true
		default:
			w.t.Errorf("member %d: people left %v in %s, and %v is there\n%s", n, want, property, theirs, w.versions(contact, property))
		}
	}
}

// overwritten is how many changes of people in a row, by HubSpot's history, the
// sync's next write took back: it had read before each. A witness on the way can
// miss one, when a call is repeated below it.
func (w *tagWorld) overwritten(contact, property string) (most int) {
	result, err := w.reader.BatchReadHistory(context.Background(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{contact}}, []string{property})
	must(w.t, err)
	for _, rec := range result.Records {
		versions, row := rec.History[property], 0
		for i := len(versions) - 2; i > 0; i-- {
			before, edit, after := foreignOf(versions[i+1].Value), foreignOf(versions[i].Value), foreignOf(versions[i-1].Value)
			switch {
			case versions[i].Source != "CRM_UI" || versions[i-1].Source == "CRM_UI":
			case !maps.Equal(before, edit) && slices.ContainsFunc(modelForeign, func(v string) bool { return before[v] != edit[v] && after[v] == before[v] }):
				row++
				most = max(most, row)
			default:
				row = 0
			}
		}
	}
	return most
}

// foreignOf are the values of other people's in a property.
func foreignOf(property string) map[string]bool {
	out := valuesOf(property)
	maps.DeleteFunc(out, func(v string, _ bool) bool { return !slices.Contains(modelForeign, v) })
	return out
}

// versions tells what HubSpot keeps of a property.
func (w *tagWorld) versions(contact, property string) string {
	result, err := w.reader.BatchReadHistory(context.Background(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{contact}}, []string{property})
	must(w.t, err)
	var out strings.Builder
	for _, rec := range result.Records {
		for _, v := range rec.History[property] {
			fmt.Fprintf(&out, "%s %s %s\n", v.At.Format("15:04:05.000"), v.Source, v.Value)
		}
	}
	return out.String()
}

func (w *tagWorld) tell(m tagMoment) string {
	var out []string
	for slug, says := range w.sayings(m) {
		if says.on {
			out = append(out, fmt.Sprintf("%s (held: %v, told: %b)", slug, m.gate.holds(slug, says), m.told[slug]))
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// history reads what HubSpot kept of the tags since the last rest, oldest first.
func (w *tagWorld) history(ids []string) map[string]map[string][]hubspot.PropertyValue {
	out := map[string]map[string][]hubspot.PropertyValue{}
	for chunk := range slices.Chunk(ids, hubspot.MaxHistoryInputs) {
		result, err := w.reader.BatchReadHistory(context.Background(), hubspot.Contacts, hubspot.BatchRead{IDs: chunk}, w.properties())
		must(w.t, err)
		for _, rec := range result.Records {
			out[rec.ID] = rec.History
			for name, all := range rec.History {
				news := slices.DeleteFunc(slices.Clone(all), func(v hubspot.PropertyValue) bool { return v.At.Before(w.rested.Truncate(time.Millisecond)) })
				if len(news) > 40 {
					w.t.Errorf("%d changes of %s since the last rest: HubSpot may have forgotten some", len(news), name)
				}
				slices.Reverse(news)
				rec.History[name] = news
			}
		}
	}
	return out
}

// judgeHistory holds every value that we wrote against what was true between the
// write before and that one: a delivery reads the host after the one before it
// has ended.
func (w *tagWorld) judgeHistory(n int, s *tagSoul, property string, versions []hubspot.PropertyValue) {
	w.t.Helper()
	families := w.familiesOf(property)
	before, since := s.have[property], w.rested.Truncate(time.Millisecond)
	for _, v := range versions {
		now := valuesOf(v.Value)
		maps.DeleteFunc(now, func(value string, _ bool) bool { return !slices.Contains(modelSlugs, value) })
		if maps.Equal(now, before) {
			continue // somebody else's values
		}
		if v.Source != "INTEGRATION" {
			w.t.Errorf("member %d: our tags in %s were changed by %s", n, property, v.Source)
		}
		w.compared.written++
		if how := s.wasTrue(now, families, since, v.At.Add(time.Millisecond)); how == "" {
			w.t.Errorf("member %d: %v after %v was written to %s at %v, and was not true since %v%s", n, slices.Sorted(maps.Keys(now)),
				slices.Sorted(maps.Keys(before)), property, v.At, since, w.story(s))
		} else if how == "mixed" {
			w.compared.mixed++
		}
		for _, slug := range modelSlugs {
			if now[slug] && !before[slug] {
				s.gains[slug]++
			} else if !now[slug] && before[slug] {
				s.losses[slug]++
			}
		}
		before, since = now, v.At
	}
	s.have[property] = before
}

func (w *tagWorld) story(s *tagSoul) string {
	var out strings.Builder
	for _, m := range s.moments {
		fmt.Fprintf(&out, "\n%v to %v: %s", m.lo.Format("15:04:05.0000"), m.hi.Format("15:04:05.0000"), w.tell(m))
	}
	return out.String()
}

// wasTrue reports whether tags were true at a moment between two others:
// "whole", or "mixed" if the member was read before and the words of people
// after a change; "" if they were not.
func (s *tagSoul) wasTrue(tags map[string]bool, families []string, from, to time.Time) string {
	first, end := 0, len(s.moments)
	for i, m := range s.moments {
		if i > 0 && m.hi.Before(from) {
			first = i
		}
		if m.lo.After(to) {
			end = i
			break
		}
	}
	for i := first; i < end; i++ {
		if agrees(tags, families, s.moments[i], s.moments[i]) {
			return "whole"
		}
	}
	for i := first; i < end; i++ {
		for j := i + 1; j < end; j++ {
			if agrees(tags, families, s.moments[i], s.moments[j]) {
				return "mixed"
			}
		}
	}
	return ""
}

// judgeRecords compares the sync records of a member's tags with HubSpot's
// history. A change that HubSpot took without telling, and that was taken back
// before the next try, has no record.
func (w *tagWorld) judgeRecords(n int, s *tagSoul, contact string, have map[string]bool, records map[string][]bool) {
	w.t.Helper()
	doubts := w.v.doubts[contact] + w.v.doubts[s.m.ID]
	for _, slug := range modelSlugs {
		was, gains, losses := false, 0, 0
		for _, applied := range records[s.m.ID+" "+slug] {
			if applied == was {
				w.t.Errorf("member %d: two records of %s in a row have applied: %v", n, slug, applied)
			}
			if was = applied; applied {
				gains++
			} else {
				losses++
			}
		}
		if was != have[slug] {
			w.t.Errorf("member %d: the last record of %s has applied: %v, and the contact has it: %v", n, slug, was, have[slug])
		}
		untold := s.gains[slug] - gains
		if untold < 0 || untold > doubts || s.losses[slug]-losses != untold {
			w.t.Errorf("member %d: %s came %d times and went %d times, the records say %d and %d; %d writes were not confirmed",
				n, slug, s.gains[slug], s.losses[slug], gains, losses, doubts)
		}
		if untold == 0 {
			w.compared.exact++
		} else {
			w.compared.loose++
		}
	}
}

// judgeWorkflows compares enrolments with the changes that the history shows.
func (w *tagWorld) judgeWorkflows(contacts map[string]string) {
	w.t.Helper()
	for _, slug := range w.v.flows {
		enrolled := map[string]int{}
		for _, e := range w.v.portal.Enrolments(slug) {
			enrolled[e.ContactID]++
		}
		for n, s := range w.souls {
			if got := enrolled[contacts[s.m.ID]]; got != s.gains[slug] && contacts[s.m.ID] != "" {
				w.t.Errorf("member %d was enrolled %d times by %s, which came %d times", n, got, slug, s.gains[slug])
			}
		}
	}
}

// tagRecord is one sync record of type tag.
type tagRecord struct {
	MemberID string `bun:"member_id"`
	Tag      string `bun:"tag"`
	Applied  bool   `bun:"applied"`
}

func (w *tagWorld) records() []tagRecord {
	var out []tagRecord
	must(w.t, w.b.db.NewRaw(`select t.member_id::text, t.tag, t.applied from hubspot_sync_tag t join hubspot_sync_record r on r.id = t.record_id
		where r.entity_type = 'tag' order by r.created_at`).Scan(context.Background(), &out))
	return out
}
