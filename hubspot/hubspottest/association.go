package hubspottest

import (
	"cmp"
	"slices"
)

// spec names an association type, in one direction.
type spec struct {
	Category string `json:"associationCategory"`
	TypeID   int    `json:"associationTypeId"`
}

const (
	hubspotDefined = "HUBSPOT_DEFINED"
	userDefined    = "USER_DEFINED"
)

// Object type ids of what can be associated.
const (
	contactType = "0-1"
	companyType = "0-2"
	noteType    = "0-46"
)

// end is one record of an association.
type end struct{ typeID, id string }

// towards is one record and the object type on the other side.
type towards struct {
	from end
	to   string // object type id
}

// associations holds which records of a portal belong together. Each pair is kept in
// both directions, each with the types of its own direction: the unlabelled one first,
// then the labels. https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
type associations struct {
	defs  map[[2]string][]definition
	types map[[2]end][]spec
	order map[towards][]int64 // the ids on the other side, ascending
	next  int                 // type id of the next custom label
}

func newAssociations() *associations {
	return &associations{defs: definitions(), types: map[[2]end][]spec{}, order: map[towards][]int64{}, next: 1}
}

// link associates two records without a label, if they are not associated yet.
func (a *associations) link(from, to end) {
	a.add(from, to, a.unlabelled(from.typeID, to.typeID))
}

// add puts one type on a pair, and the unlabelled one with it.
func (a *associations) add(from, to end, s spec) {
	if def := a.definition(from.typeID, to.typeID, s); def != nil && def.primary {
		a.demote(from, to)
	}
	a.put(from, to, s)
	a.put(to, from, a.inverse(from.typeID, to.typeID, s))
	if plain := a.unlabelled(from.typeID, to.typeID); s != plain {
		a.add(from, to, plain)
	}
}

// relabel makes the labels of a pair those that are given, and no others.
func (a *associations) relabel(from, to end, specs []spec) {
	plain := a.unlabelled(from.typeID, to.typeID)
	for _, s := range slices.Clone(a.types[[2]end{from, to}]) {
		if s != plain && !slices.Contains(specs, s) {
			a.remove(from, to, s)
		}
	}
	for _, s := range specs {
		a.add(from, to, s)
	}
}

// remove takes one type off a pair. The unlabelled one takes all labels along.
func (a *associations) remove(from, to end, s spec) {
	if s == a.unlabelled(from.typeID, to.typeID) {
		a.unlink(from, to)
		return
	}
	a.take(from, to, s)
	a.take(to, from, a.inverse(from.typeID, to.typeID, s))
}

// unlink ends an association with all its labels.
func (a *associations) unlink(from, to end) {
	a.erase(from, to)
	a.erase(to, from)
}

// forget ends every association of a record.
func (a *associations) forget(r end) {
	for _, other := range a.all(r) {
		a.unlink(r, other)
	}
}

// move gives the associations of a record to another one. Of two primary companies
// the one of the new record stays.
func (a *associations) move(from, to end) {
	kept := a.primary(to)
	for _, other := range a.all(from) {
		specs := slices.Clone(a.types[[2]end{from, other}])
		a.unlink(from, other)
		if other == to {
			continue
		}
		for _, s := range specs {
			def := a.definition(to.typeID, other.typeID, s)
			if def.primary && (kept != end{} && kept != other || def.inward && a.primary(other) != end{}) {
				continue
			}
			a.add(to, other, s)
		}
	}
}

// primary answers the primary company of a record, zero for none.
func (a *associations) primary(r end) end {
	def := a.primaryOf(r.typeID, companyType)
	if def == nil {
		return end{}
	}
	for _, n := range a.order[towards{r, companyType}] {
		if other := (end{companyType, formatID(n)}); slices.Contains(a.types[[2]end{r, other}], def.spec) {
			return other
		}
	}
	return end{}
}

// demote makes room for another primary company: a record has one at most.
func (a *associations) demote(from, to end) {
	if def := a.primaryOf(from.typeID, to.typeID); def == nil || def.inward {
		from, to = to, from
	}
	old := a.primary(from)
	if old == (end{}) || old == to {
		return
	}
	s := a.primaryOf(from.typeID, to.typeID).spec
	a.take(from, old, s)
	a.take(old, from, a.inverse(from.typeID, to.typeID, s))
}

// all answers every record that a record is associated with.
func (a *associations) all(r end) []end {
	var out []end
	for _, kind := range []string{contactType, companyType, noteType} {
		for _, n := range a.order[towards{r, kind}] {
			out = append(out, end{kind, formatID(n)})
		}
	}
	return out
}

func (a *associations) put(from, to end, s spec) {
	key := [2]end{from, to}
	have := a.types[key]
	if len(have) == 0 {
		side := towards{from, to.typeID}
		n := parseID(to.id)
		if i, found := slices.BinarySearch(a.order[side], n); !found {
			a.order[side] = slices.Insert(a.order[side], i, n)
		}
	}
	if !slices.Contains(have, s) {
		a.types[key] = append(have, s)
		a.sort(from, to)
	}
}

// sort brings the unlabelled type to the front, the others into the order of their ids.
func (a *associations) sort(from, to end) {
	plain := a.unlabelled(from.typeID, to.typeID)
	slices.SortFunc(a.types[[2]end{from, to}], func(x, y spec) int {
		rank := func(s spec) int {
			if s == plain {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x.Category, y.Category), cmp.Compare(x.TypeID, y.TypeID))
	})
}

func (a *associations) take(from, to end, s spec) {
	key := [2]end{from, to}
	a.types[key] = slices.DeleteFunc(a.types[key], func(have spec) bool { return have == s })
	if len(a.types[key]) == 0 {
		a.erase(from, to)
	}
}

func (a *associations) erase(from, to end) {
	delete(a.types, [2]end{from, to})
	side := towards{from, to.typeID}
	if i, found := slices.BinarySearch(a.order[side], parseID(to.id)); found {
		a.order[side] = slices.Delete(a.order[side], i, i+1)
	}
	if len(a.order[side]) == 0 {
		delete(a.order, side)
	}
}
