package hubspot

import (
	"encoding/json"
	"slices"
	"strings"
)

// pairRoster finds the pair that a part of a reply is about: by the two ids, never by
// position.
type pairRoster struct {
	from, to ObjectType
	pairs    []Pair
	at       map[Pair]int
}

func newPairRoster(from, to ObjectType, pairs []Pair) pairRoster {
	r := pairRoster{from: from, to: to, pairs: pairs, at: make(map[Pair]int, len(pairs))}
	for i, p := range pairs {
		r.at[Pair{fold(p.From), fold(p.To)}] = i
	}
	return r
}

// blamed returns the positions of the pairs that an error names. One record that does
// not exist is the fault of every pair that has it.
func (r pairRoster) blamed(b blame) []int {
	var out []int
	for i, p := range r.pairs {
		if b.namesPair(r.from, r.to, p) {
			out = append(out, i)
		}
	}
	if len(out) == 0 && len(r.pairs) == 1 {
		out = append(out, 0) // there is nobody else to blame
	}
	return out
}

func (b blame) namesPair(from, to ObjectType, p Pair) bool {
	among := func(ids []string, id string) bool {
		return slices.ContainsFunc(ids, func(s string) bool { return fold(s) == fold(id) })
	}
	switch {
	case len(b.from) > 0 && len(b.to) > 0:
		return among(b.from, p.From) && among(b.to, p.To)
	case len(b.from) > 0:
		return among(b.from, p.From)
	case len(b.to) > 0:
		return among(b.to, p.To)
	case len(b.objects) > 0:
		return slices.ContainsFunc(b.objects, func(object string) bool {
			code, id, _ := strings.Cut(object, "=")
			// Ids of two object types can be the same number.
			ofFrom, ofTo := from.hasCode(code), to.hasCode(code)
			either := !ofFrom && !ofTo
			return fold(id) == fold(p.From) && (ofFrom || either) || fold(id) == fold(p.To) && (ofTo || either)
		})
	}
	return among(b.ids, p.From) || among(b.ids, p.To)
}

// hasCode reports whether HubSpot's errors call the type by that word.
func (t ObjectType) hasCode(code string) bool {
	known := map[string][]string{
		"CONTACT": {"contacts", "contact", "0-1"}, "COMPANY": {"companies", "company", "0-2"},
		"NOTE": {"notes", "note", "0-46"}, "TICKET": {"tickets", "ticket", "0-5"},
	}
	return slices.Contains(known[code], strings.ToLower(string(t)))
}

// objectsOf reads what HubSpot says of records that it does not have, in the form
// "CONTACT=123 is not valid".
func objectsOf(texts []string) []string {
	var out []string
	for _, s := range texts {
		object, _, _ := strings.Cut(s, " ")
		if code, id, ok := strings.Cut(object, "="); ok && codeWord(code) != "" && recordID(id) != "" {
			out = append(out, object)
		}
	}
	return out
}

// confirmation reads which pair a result confirms; sure is false if it could be another
// one as well.
type confirmation func(r pairRoster, raw json.RawMessage) (i int, sure, ok bool)

// wireLink is a result of either kind of association call. Ids have been seen as
// numbers.
type wireLink struct {
	From   struct{ ID json.RawMessage }    `json:"from"`
	To     struct{ ID json.RawMessage }    `json:"to"`
	Spec   struct{ AssociationTypeID int } `json:"associationSpec"`
	FromID json.RawMessage                 `json:"fromObjectId"`
	ToID   json.RawMessage                 `json:"toObjectId"`
}

// bothWays reads a result of AssociateDefault: each pair is answered in both directions.
func bothWays(r pairRoster, raw json.RawMessage) (i int, sure, ok bool) {
	var w wireLink
	if json.Unmarshal(raw, &w) != nil {
		return 0, false, false
	}
	from, to := fold(text(w.From.ID)), fold(text(w.To.ID))
	forward, there := r.at[Pair{from, to}]
	back, reverse := r.at[Pair{to, from}]
	switch {
	case there && reverse && forward != back:
		// Two pairs of the same two numbers: the type tells the direction.
		switch direction(r.from, r.to, w.Spec.AssociationTypeID) {
		case 1:
			return forward, true, true
		case -1:
			return back, true, true
		}
		return forward, false, true
	case there:
		return forward, true, true
	}
	return back, true, reverse
}

// direction is 1 for the unlabelled type of a known pair of object types, -1 for the
// one of the other direction, 0 for others.
func direction(from, to ObjectType, typeID int) int {
	for _, d := range []struct {
		from, to    string
		there, back int
	}{
		{"CONTACT", "COMPANY", TypeContactToCompany, TypeCompanyToContact},
		{"NOTE", "CONTACT", TypeNoteToContact, TypeContactToNote},
		{"NOTE", "COMPANY", TypeNoteToCompany, TypeCompanyToNote},
	} {
		switch {
		case from.hasCode(d.from) && to.hasCode(d.to) && typeID == d.there, from.hasCode(d.to) && to.hasCode(d.from) && typeID == d.back:
			return 1
		case from.hasCode(d.from) && to.hasCode(d.to) && typeID == d.back, from.hasCode(d.to) && to.hasCode(d.from) && typeID == d.there:
			return -1
		}
	}
	return 0
}

// oneWay reads a result of AssociateLabelled.
func oneWay(r pairRoster, raw json.RawMessage) (i int, sure, ok bool) {
	var w wireLink
	if json.Unmarshal(raw, &w) != nil {
		return 0, false, false
	}
	i, ok = r.at[Pair{fold(text(w.FromID)), fold(text(w.ToID))}]
	return i, true, ok
}

// settlePairs accounts for every pair of a call that got a 2xx, by the rules of settle.
func settlePairs(cl call, rep reply, parts listReply, r pairRoster, confirms confirmation) []PairResult {
	out := make([]PairResult, len(r.pairs))
	confirmed := make([]bool, len(r.pairs))
	contested := make([]bool, len(r.pairs))
	for _, raw := range parts.results {
		if confirms == nil {
			break
		}
		if i, sure, ok := confirms(r, raw); ok {
			confirmed[i] = true
			contested[i] = contested[i] || !sure
		}
	}
	var nobodys []*Error
	for _, raw := range parts.entries {
		e, b := entryError(cl, rep, raw)
		blamed := r.blamed(b)
		if len(blamed) == 0 {
			nobodys = append(nobodys, e)
		}
		for _, i := range blamed {
			own := *e
			if confirmed[i] {
				own.Outcome = Unknown // both done and refused
			}
			out[i].Err = &own
		}
	}
	for i := range out {
		silent := confirms == nil && len(nobodys) == 0
		switch {
		case out[i].Err != nil:
		case !confirmed[i] && !silent:
			out[i].Err = doubtfulInput(cl, rep, CodeUnmentioned, nobodys)
		case !parts.complete || contested[i]:
			out[i].Err = doubtfulInput(cl, rep, CodeNotConfirmed, nil)
		}
	}
	return out
}
