package hubspottest

import "slices"

// definition is one association type of an ordered pair of object types.
type definition struct {
	spec
	label   string // empty: the unlabelled association
	name    string // of a custom label
	inverse spec   // the type of the other direction
	primary bool   // names the one primary company of a record
	inward  bool   // from the company's side
}

// definitions are the types that every portal has.
// https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
func definitions() map[[2]string][]definition {
	out := map[[2]string][]definition{}
	add := func(from, to string, there, back int, thereLabel, backLabel string, primary bool) {
		one, other := spec{hubspotDefined, there}, spec{hubspotDefined, back}
		out[[2]string{from, to}] = append(out[[2]string{from, to}], definition{spec: one, label: thereLabel, inverse: other, primary: primary})
		if from != to || there != back {
			out[[2]string{to, from}] = append(out[[2]string{to, from}], definition{spec: other, label: backLabel, inverse: one, primary: primary, inward: primary})
		}
	}
	add(contactType, companyType, 279, 280, "", "", false)
	add(contactType, companyType, 1, 2, "Primary", "Contact with Primary Company", true)
	add(contactType, contactType, 449, 449, "", "", false)
	add(companyType, companyType, 450, 450, "", "", false)
	add(companyType, companyType, 13, 14, "Child Company", "Parent Company", false)
	add(noteType, contactType, 202, 201, "", "", false)
	add(noteType, companyType, 190, 189, "", "", false)
	return out
}

func (a *associations) definition(from, to string, s spec) *definition {
	defs := a.defs[[2]string{from, to}]
	i := slices.IndexFunc(defs, func(d definition) bool { return d.spec == s })
	if i < 0 {
		return nil
	}
	return &defs[i]
}

// unlabelled is the type that every association of two object types has; zero when
// the two cannot be associated.
func (a *associations) unlabelled(from, to string) spec {
	for _, d := range a.defs[[2]string{from, to}] {
		if d.label == "" {
			return d.spec
		}
	}
	return spec{}
}

func (a *associations) primaryOf(from, to string) *definition {
	defs := a.defs[[2]string{from, to}]
	i := slices.IndexFunc(defs, func(d definition) bool { return d.primary })
	if i < 0 {
		return nil
	}
	return &defs[i]
}

func (a *associations) inverse(from, to string, s spec) spec {
	return a.definition(from, to, s).inverse
}

// anywhere finds the direction in which a type leads.
func (a *associations) anywhere(s spec) (from, to string, ok bool) {
	for pair := range a.defs {
		if a.definition(pair[0], pair[1], s) != nil {
			return pair[0], pair[1], true
		}
	}
	return "", "", false
}

// define adds a custom label, and the one of the other direction. Without a name of
// its own the other direction carries the same label.
func (a *associations) define(from, to, name, label, inverse string) (there, back definition) {
	id := func() spec {
		a.next++
		return spec{userDefined, a.next - 1}
	}
	there = definition{spec: id(), label: label, name: name}
	if from == to && (inverse == "" || inverse == label) {
		there.inverse = there.spec
		a.defs[[2]string{from, to}] = append(a.defs[[2]string{from, to}], there)
		return there, there
	}
	if inverse == "" {
		inverse = label
	}
	back = definition{spec: id(), label: inverse, name: name, inverse: there.spec}
	there.inverse = back.spec
	a.defs[[2]string{from, to}] = append(a.defs[[2]string{from, to}], there)
	a.defs[[2]string{to, from}] = append(a.defs[[2]string{to, from}], back)
	return there, back
}

// undefine ends a custom label in both directions, and takes it off every pair.
func (a *associations) undefine(from, to string, s spec) {
	back := a.inverse(from, to, s)
	for pair, have := range a.types {
		one, other := pair[0], pair[1]
		if one.typeID == from && other.typeID == to && slices.Contains(have, s) {
			a.remove(one, other, s)
		}
	}
	drop := func(from, to string, s spec) {
		key := [2]string{from, to}
		a.defs[key] = slices.DeleteFunc(a.defs[key], func(d definition) bool { return d.spec == s })
	}
	drop(from, to, s)
	drop(to, from, back)
}

// labels are the labels of a pair, in the words of its direction.
func (a *associations) labels(from, to end) []string {
	out := []string{}
	for _, s := range a.types[[2]end{from, to}] {
		if d := a.definition(from.typeID, to.typeID, s); d.label != "" {
			out = append(out, d.label)
		}
	}
	return out
}
