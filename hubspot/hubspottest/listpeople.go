package hubspottest

import (
	"encoding/json"
)

// List is a list (segment) as a person sees it.
type List struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	ObjectType string   `json:"objectType"` // plural; default contacts
	Type       string   `json:"processingType"`
	Folder     string   `json:"folder"` // its id; 0 is the root
	Members    []string `json:"members"`
	// Filter of a DYNAMIC or SNAPSHOT list, the JSON of a filterBranch.
	Filter string `json:"-"`
}

func (p *PortalState) byHandCall() *call {
	return &call{sim: p.sim, portal: p, version: byHand, now: p.sim.now()}
}

// PutList creates a list as a person in HubSpot does; ID is HubSpot's to choose. The
// type is MANUAL by default. It panics on what HubSpot would refuse, a taken name among
// it.
func (p *PortalState) PutList(l List) List {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.byHandCall()
	in := newList{Name: l.Name, Kind: l.Type, Folder: text(l.Folder)}
	if in.Kind == "" {
		in.Kind = manual
	}
	if l.ObjectType == "" {
		l.ObjectType = "contacts"
	}
	in.ObjectTypeID = p.mustObjects(l.ObjectType).t.id
	if l.Filter != "" {
		if err := json.Unmarshal([]byte(l.Filter), &in.Filter); err != nil {
			panic("hubspottest: the filter is no filterBranch: " + err.Error())
		}
	}
	made, f := c.makeList(in)
	if f != nil {
		panic("hubspottest: HubSpot refuses the list: " + f.message)
	}
	for _, id := range l.Members {
		if made.kind == dynamic {
			panic("hubspottest: the members of a DYNAMIC list follow its filter")
		}
		p.enter(made, mustGet(made.o, id).id, c.now, false)
	}
	return made.report()
}

// DeleteList deletes a list; for 90 days the API can restore it.
func (p *PortalState) DeleteList(id string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.sim.now()
	p.follow(now)
	p.mustList(id).deletedAt = now
}

// Lists answers the live lists with their members, sorted by id.
func (p *PortalState) Lists() []List {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.follow(p.sim.now())
	out := []List{}
	for _, l := range p.lists.all {
		if !l.deleted() {
			out = append(out, l.report())
		}
	}
	return out
}

// ListMembers answers the record ids in a list at this moment, sorted. A DYNAMIC list
// is behind by [Options.ListLag].
func (p *PortalState) ListMembers(id string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.follow(p.sim.now())
	return p.mustList(id).ids()
}

func (p *PortalState) mustList(id string) *list {
	l := p.lists.get(id)
	if l == nil {
		panic("hubspottest: no list " + id)
	}
	return l
}

func (l *list) report() List {
	return List{ID: l.id, Name: l.name, ObjectType: l.o.t.plural, Type: l.kind, Folder: l.folder, Members: l.ids()}
}
