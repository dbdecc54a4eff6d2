package crmsync

import (
	"fmt"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// need is how many records of a type wait for a person; type "" are lists.
type need struct {
	entity string
	n      int
}

// needsOf counts what waits for a person, members first and lists last: records
// that failed, what the outbox holds without a record of its own, and lists.
func needsOf(counts []stateCount, held []outbox.Aside, entityOf func(kind string) string, lists int) []need {
	by := map[string]int{"": lists}
	for _, c := range counts {
		if integration.SyncStatus(c.Status) == integration.SyncFailed {
			by[c.Entity] += c.N
		}
	}
	for _, a := range held {
		if entity := entityOf(a.Kind); entity != "" {
			by[entity]++
		}
	}
	var out []need
	for _, entity := range append(EntityTypes(), "") {
		if n := by[entity]; n > 0 {
			out = append(out, need{entity, n})
		}
	}
	return out
}

// needed says what waits for a person, as the beginning of a sentence.
func needed(needs []need, members int) string {
	parts := make([]string, len(needs))
	sum := 0
	for i, n := range needs {
		parts[i] = n.says(members)
		sum += n.n
	}
	if sum == 1 {
		return parts[0] + " needs your attention"
	}
	return listed(parts) + " need your attention"
}

func (n need) says(members int) string {
	if n.entity == kinds.EntityContact && members > 0 {
		return fmt.Sprintf("%d of %d members", n.n, max(n.n, members))
	}
	one, many := needNouns(n.entity)
	if n.n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n.n, many)
}

// needNouns are how a sentence calls one record of a type, and several.
func needNouns(entity string) (one, many string) {
	switch entity {
	case kinds.EntityContact:
		return "member", "members"
	case kinds.EntityCompany:
		return "company", "companies"
	case kinds.EntityAssociation:
		return "association", "associations"
	case kinds.EntityTag:
		return "tag", "tags"
	case kinds.EntityActivity:
		return "activity", "activities"
	case kinds.EntityNote:
		return "ticket note", "ticket notes"
	case kinds.EntityEvent:
		return "marketing event", "marketing events"
	case kinds.EntityAttendance:
		return "member's attendance", "members' attendance"
	case kinds.EntityCustomEvent:
		return "custom event", "custom events"
	}
	return "list", "lists"
}
