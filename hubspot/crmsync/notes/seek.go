package notes

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// seek finds out, for notes that HubSpot was once asked to make and of which no
// answer is stored, whether they are there. Search lags behind its own writes
// and is not asked: what has a key is read by it, and what has none must stand
// on the contact that it was made for.
func (n *noting) seek(ctx context.Context, jots []*jot) {
	var byKey, byContact []*jot
	now := n.s.Now()
	for _, j := range jots {
		rest := n.s.rest - now.Sub(j.prior.TouchedAt)
		switch {
		case j.prior.State == noteKeyed && n.keyed && j.why == "" && !j.waits:
			j.step = noteMake // once more by the same key is the same note
		case j.prior.State == noteKeyed && n.keyed:
			byKey = append(byKey, j)
		case j.prior.State == noteKeyed: // the key is gone, and nothing else leads there
			j.absent()
		case rest > 0:
			j.Put(verdict.NoteUnsure, rest)
		default:
			byContact = append(byContact, j)
		}
	}
	n.seekByKey(ctx, byKey)
	n.seekByContact(ctx, byContact)
}

func (n *noting) seekByKey(ctx context.Context, jots []*jot) {
	ids := make([]string, len(jots))
	for i, j := range jots {
		ids[i] = j.d.Key
	}
	got, ok := n.ReadAll(ctx, hubspot.Notes, propNoteID, ids, propNoteBody, propNoteTime)
	if !ok {
		return
	}
	for _, j := range jots {
		switch rec, found := got.Find(j.d.Key); {
		case found:
			j.found(rec.ID)
			j.arrive()
		case got.Missing[j.d.Key]:
			j.absent()
		default:
			j.Put(verdict.NoteUnsure, 0)
		}
	}
}

// seekByContact reads all notes of the contacts that the notes were made for,
// and looks for their references.
func (n *noting) seekByContact(ctx context.Context, jots []*jot) {
	var asked []string
	for _, j := range jots {
		asked = values.Union(asked, j.prior.ContactIDs)
	}
	contacts, ok := n.ReadAll(ctx, hubspot.Contacts, "", asked)
	if !ok || len(jots) == 0 {
		return
	}
	var there []string // by the ids that the contacts have now
	for _, id := range asked {
		if rec, found := contacts.Find(id); found {
			there = append(there, rec.ID)
		}
	}
	there = values.Union(there, nil)
	var on hubspot.AssociationsResult
	if len(there) > 0 {
		ok, err := n.Call(ctx, func(ctx context.Context) (err error) {
			on, err = n.Portal.Client.Associations(ctx, hubspot.Contacts, hubspot.Notes, there)
			return err
		})
		if !ok {
			return
		}
		if err != nil {
			n.unsure(jots, err)
			return
		}
	}
	var ids []string
	for _, list := range on.Found {
		for _, a := range list {
			ids = append(ids, a.ToID)
		}
	}
	ids = values.Union(ids, nil)
	newestFirst(ids)
	texts := carry.Readings{Missing: map[string]bool{}}
	for chunk := range slices.Chunk(ids, hubspot.MaxInputs) {
		part, ok := n.ReadAll(ctx, hubspot.Notes, "", chunk, propNoteBody, propNoteTime)
		if !ok {
			return
		}
		if texts.Add(part); haveAll(texts, jots) {
			break
		}
	}
	for _, j := range jots {
		n.conclude(j, contacts, on, texts)
	}
}

// conclude decides whether a note is among those read. That it is not counts
// only if everything was read.
func (n *noting) conclude(j *jot, contacts carry.Readings, on hubspot.AssociationsResult, texts carry.Readings) {
	whole := true
	for _, asked := range j.prior.ContactIDs {
		contact, found := contacts.Find(asked)
		if !found {
			whole = whole && contacts.Missing[asked] // a contact that is gone has taken the note along
			continue
		}
		list, read := on.Found[contact.ID]
		whole = whole && read
		for _, a := range list {
			note, found := texts.Find(a.ToID)
			if found && notetext.Marked(note.Properties[propNoteBody], j.d.Key) {
				j.found(note.ID)
				j.onContact = contact.ID == j.to.Contact
				j.row.ContactIDs = values.Union(j.row.ContactIDs, []string{contact.ID})
				switch {
				case j.fixed:
					j.written()
					j.arrive()
				case j.why != "" || j.waits:
					j.arrive() // what it says may be of before: it is written again where it has a place
				default:
					j.step = noteUpdate
				}
				return
			}
			whole = whole && (found || texts.Missing[a.ToID])
		}
	}
	if !whole {
		j.Put(verdict.NoteUnsure, 0)
		return
	}
	j.absent()
}

// unsure tries notes again later, because of an error that says nothing about
// any of them.
func (n *noting) unsure(jots []*jot, err error) {
	f := verdict.Read(err)
	for _, j := range jots {
		j.Put(f.Code, max(f.After, time.Second))
	}
}

// haveAll reports whether every note that is looked for is among the answers.
func haveAll(r carry.Readings, jots []*jot) bool {
	return !slices.ContainsFunc(jots, func(j *jot) bool {
		return !slices.ContainsFunc(r.Parts, func(p hubspot.ReadResult) bool {
			return slices.ContainsFunc(p.Records, func(rec hubspot.Record) bool { return notetext.Marked(rec.Properties[propNoteBody], j.d.Key) })
		})
	})
}

// newestFirst sorts record ids: what was made just now is likely the highest.
func newestFirst(ids []string) {
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(b, a)) })
}
