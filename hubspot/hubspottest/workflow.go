package hubspottest

import (
	"slices"
	"strings"
	"time"
)

// Trigger says what enrols a contact in a workflow. Exactly one of Known, Changed,
// Contains and List is set. HubSpot has no quiet write: every call, every person and
// every merge field that changes a value can trigger, and a write of the value that is
// there already cannot.
// https://knowledge.hubspot.com/workflows/set-your-workflow-enrollment-triggers
type Trigger struct {
	// Known is a property that gets a value where it had none; with re-enrolment, any
	// new value.
	Known string
	// Changed is a property that changes to any value.
	Changed string
	// Contains is an enumeration that comes to hold Value, among others if it is a
	// multi-checkbox.
	Contains, Value string
	// List is the id of a list that a contact enters.
	List string
}

// Enrolment is one passage of a contact through a workflow, which lasts until
// [PortalState.ExitWorkflow].
type Enrolment struct {
	ContactID  string // at the time
	At         time.Time
	Properties map[string]string // of the contact at the time
	Inside     bool
}

// workflow is a contact-based workflow that is switched on.
type workflow struct {
	name     string
	trigger  Trigger
	reenrol  bool
	enrolled []*Enrolment
}

// PutWorkflow switches on a workflow; who meets its trigger already is not enrolled.
// Without re-enrolment a contact enters once in its life, with it whenever the trigger
// is met again while the contact is not inside. It panics on a name that is taken and
// on a trigger of what does not exist.
// https://knowledge.hubspot.com/workflows/add-re-enrollment-triggers-to-a-workflow
func (p *PortalState) PutWorkflow(name string, t Trigger, reenrol bool) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.follow(p.sim.now())
	if p.workflow(name) != nil {
		panic("hubspottest: the workflow " + name + " exists")
	}
	set := 0
	for _, property := range []string{t.Known, t.Changed, t.Contains} {
		if property == "" {
			continue
		}
		if set++; p.mustObjects("contacts").schema.live[property] == nil {
			panic("hubspottest: no property " + property)
		}
	}
	if t.List != "" {
		set++
		p.mustList(t.List)
	}
	if set != 1 {
		panic("hubspottest: a workflow has one trigger")
	}
	p.flows = append(p.flows, &workflow{name: name, trigger: t, reenrol: reenrol})
}

// ExitWorkflow ends the passage of a contact, which may be enrolled anew from then on.
func (p *PortalState) ExitWorkflow(name, contactID string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.mustObjects("contacts")
	for _, e := range p.mustWorkflow(name).enrolled {
		if e.Inside && o.resolve(e.ContactID) == o.resolve(contactID) {
			e.Inside = false
			return
		}
	}
	panic("hubspottest: the contact " + contactID + " is not in the workflow " + name)
}

// Enrolments answers all enrolments of a workflow, in their order.
func (p *PortalState) Enrolments(name string) []Enrolment {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.follow(p.sim.now())
	out := []Enrolment{}
	for _, e := range p.mustWorkflow(name).enrolled {
		out = append(out, *e)
	}
	return out
}

func (p *PortalState) workflow(name string) *workflow {
	for _, w := range p.flows {
		if w.name == name {
			return w
		}
	}
	return nil
}

func (p *PortalState) mustWorkflow(name string) *workflow {
	w := p.workflow(name)
	if w == nil {
		panic("hubspottest: no workflow " + name)
	}
	return w
}

// trigger enrols the contact of a move wherever its new values say so. The values that
// a merge gives a contact trigger nothing.
// https://knowledge.hubspot.com/records/merge-records
func (p *PortalState) trigger(o *objects, m move) {
	merged := 0
	if m.from != nil {
		merged = len(m.from.merged)
	}
	if !o.t.emails || len(m.to.merged) > merged {
		return
	}
	for _, w := range p.flows {
		if w.trigger.List == "" && w.meets(o, m) {
			p.enrol(w, o, m.to, m.to.writtenAt)
		}
	}
}

// meets reports whether a move meets a trigger on a property.
func (w *workflow) meets(o *objects, m move) bool {
	name := w.trigger.Known + w.trigger.Changed + w.trigger.Contains
	before, after := "", valueOf(o, m.to, name)
	if m.from != nil {
		before = valueOf(o, m.from, name)
	}
	switch {
	case after == before || after == "":
		return false
	case w.trigger.Known != "":
		return before == "" || w.reenrol
	case w.trigger.Changed != "":
		return true
	}
	holds := func(value string) bool { return slices.Contains(strings.Split(value, ";"), w.trigger.Value) }
	return holds(after) && !holds(before)
}

// enrol makes a contact enter, unless it is inside or may not enter again.
func (p *PortalState) enrol(w *workflow, o *objects, r *record, at time.Time) {
	for _, e := range w.enrolled {
		if o.resolve(e.ContactID) == o.resolve(r.id) && (e.Inside || !w.reenrol) {
			return
		}
	}
	w.enrolled = append(w.enrolled, &Enrolment{ContactID: r.id, At: at, Properties: o.report(r).Properties, Inside: true})
}

// entered enrols a contact in the workflows of a list that it entered.
func (p *PortalState) entered(l *list, id string, at time.Time) {
	r := l.o.get(id)
	if r == nil || !l.o.t.emails || l.deleted() {
		return
	}
	for _, w := range p.flows {
		if w.trigger.List == l.id {
			p.enrol(w, l.o, r, at)
		}
	}
}
