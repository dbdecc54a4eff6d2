package notes

import (
	"context"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// upsert makes notes by their key. If HubSpot refuses the call and does not
// find notes by that key any more either, it is the key's fault and no note's:
// all of them are tried again, once it has been found out how.
func (n *noting) upsert(ctx context.Context, jots []*jot) (hubspot.WriteResult, error) {
	if n.keyOff != nil {
		return hubspot.WriteResult{}, n.keyOff
	}
	inputs := make([]hubspot.Input, len(jots))
	for i, j := range jots {
		inputs[i] = hubspot.Input{ID: j.d.Key, Properties: j.wanted(true)}
	}
	r, err := n.Portal.Client.BatchUpsert(ctx, hubspot.Notes, propNoteID, inputs)
	if hubspot.IsValidation(err) {
		if works, probe := noteKeyWorks(ctx, n.Portal.Client); probe == nil && !works {
			n.keyOff = err
		}
	}
	return r, err
}

// associate brings notes to their contacts.
func (n *noting) associate(ctx context.Context, jots []*jot) {
	if len(jots) == 0 || !n.announce(ctx, jots) {
		return
	}
	n.pair(ctx, jots, hubspot.Contacts, func(j *jot) string { return j.to.Contact }, func(j *jot, r hubspot.InputResult) {
		switch {
		case r.Err == nil:
			j.onContact = true
			j.arrive()
		case r.Err.Code == hubspot.CodeInvalidObjects:
			j.step = noteCheck
		case r.Err.Code == hubspot.CodeUnmentioned && j.d.Attempt > 0:
			j.displaced() // the answer may tell of the contact that it was merged into
		default:
			n.settleFailure(j, verdict.Read(r.Err))
		}
	})
}

// accompany brings notes that are on their contacts to the companies too. A
// company that does not exist any more is done without.
func (n *noting) accompany(ctx context.Context, jots []*jot) {
	if len(jots) == 0 || !n.announce(ctx, jots) {
		return
	}
	n.pair(ctx, jots, hubspot.Companies, func(j *jot) string { return j.to.Company.ID }, func(j *jot, r hubspot.InputResult) {
		switch {
		case r.Err == nil:
			j.onCompany = true
			j.arrive()
		case r.Err.Code == hubspot.CodeInvalidObjects:
			j.row.CompanyIDs = without(j.row.CompanyIDs, j.to.Company.ID)
			j.to.Company = carry.Companion{}
			j.arrive()
		default:
			n.settleFailure(j, verdict.Read(r.Err))
		}
	})
}

// pair associates each note with one record.
func (n *noting) pair(ctx context.Context, jots []*jot, object hubspot.ObjectType, to func(*jot) string, read func(*jot, hubspot.InputResult)) {
	carry.Write(ctx, n.Outing, jots, func(ctx context.Context, js []*jot) (hubspot.WriteResult, error) {
		pairs := make([]hubspot.Pair, len(js))
		for i, j := range js {
			pairs[i] = hubspot.Pair{From: j.row.NoteID, To: to(j)}
		}
		return asWrite(n.Portal.Client.AssociateDefault(ctx, hubspot.Notes, object, pairs))
	}, read)
}

// asWrite gives what became of pairs the form of what became of records.
func asWrite(pairs []hubspot.PairResult, err error) (hubspot.WriteResult, error) {
	out := hubspot.WriteResult{Results: make([]hubspot.InputResult, len(pairs))}
	for i, p := range pairs {
		out.Results[i] = hubspot.InputResult{Err: p.Err}
		if p.Err == nil {
			out.Results[i].Record = &hubspot.Record{}
		}
	}
	return out, err
}

// check finds out what is missing where HubSpot says that a note or its contact
// does not exist.
func (n *noting) check(ctx context.Context, jots []*jot) {
	ids := make([]string, len(jots))
	for i, j := range jots {
		ids[i] = j.row.NoteID
	}
	got, ok := n.ReadAll(ctx, hubspot.Notes, "", ids, propNoteBody, propNoteTime)
	if !ok {
		return
	}
	for _, j := range jots {
		switch _, found := got.Find(j.row.NoteID); {
		case found:
			j.displaced()
		case got.Missing[j.row.NoteID]:
			j.gone()
		default:
			j.Put(verdict.NoteUnsure, 0)
		}
	}
}

// erase archives notes that were made for a contact which is not there any
// more: nobody would ever see them.
func (n *noting) erase(ctx context.Context, jots []*jot) {
	if len(jots) == 0 {
		return
	}
	ids := make([]string, len(jots))
	for i, j := range jots {
		ids[i] = j.row.NoteID
	}
	ok, err := n.Call(ctx, func(ctx context.Context) error { return n.Portal.Client.BatchArchive(ctx, hubspot.Notes, ids) })
	if !ok {
		return
	}
	for _, j := range jots {
		if err != nil {
			j.Put(verdict.Read(err).Code, 0)
			continue
		}
		j.row.NoteID, j.forget = "", true
		j.exclude(j.why)
	}
}

// stray is one record that a note does not belong to any more.
type stray struct {
	*jot

	object hubspot.ObjectType
	id     string // as listed
	now    string // as HubSpot has it now
	left   bool
}

// leave takes notes away from where they do not belong any more.
func (n *noting) leave(ctx context.Context, jots []*jot) {
	var strays []*stray
	for _, j := range jots {
		for _, id := range j.strayContacts() {
			strays = append(strays, &stray{jot: j, object: hubspot.Contacts, id: id})
		}
		for _, id := range j.strayCompanies() {
			strays = append(strays, &stray{jot: j, object: hubspot.Companies, id: id})
		}
	}
	for _, object := range []hubspot.ObjectType{hubspot.Contacts, hubspot.Companies} {
		n.separate(ctx, object, slices.DeleteFunc(slices.Clone(strays), func(s *stray) bool { return s.object != object }))
	}
	for _, s := range strays {
		switch {
		case !s.left:
		case s.object == hubspot.Contacts:
			s.row.ContactIDs = without(s.row.ContactIDs, s.id)
		default:
			s.row.CompanyIDs = without(s.row.CompanyIDs, s.id)
		}
	}
	for _, j := range jots {
		if j.step == noteLeave && len(j.strayContacts())+len(j.strayCompanies()) == 0 {
			j.settle()
		}
	}
}

// separate ends the associations of notes with records of one object. A record
// that was merged into the one where the note belongs is that one by now: to
// take the note from the former would take it from the latter.
func (n *noting) separate(ctx context.Context, object hubspot.ObjectType, strays []*stray) {
	ids := make([]string, len(strays))
	for i, s := range strays {
		ids[i] = s.id
	}
	got, ok := n.ReadAll(ctx, object, "", values.Union(ids, nil))
	if !ok || len(strays) == 0 {
		return
	}
	var still []*stray
	taken := map[hubspot.Pair]bool{}
	for _, s := range strays {
		rec, found := got.Find(s.id)
		s.now = rec.ID
		pair := hubspot.Pair{From: s.row.NoteID, To: rec.ID}
		switch {
		case found && rec.ID != s.to.Contact && rec.ID != s.to.Company.ID && !taken[pair]:
			taken[pair] = true
			still = append(still, s)
		case found, got.Missing[s.id]:
			s.left = true
		default:
			s.Put(verdict.NoteUnsure, 0)
		}
	}
	carry.Write(ctx, n.Outing, still, func(ctx context.Context, list []*stray) (hubspot.WriteResult, error) {
		pairs := make([]hubspot.Pair, len(list))
		for i, s := range list {
			pairs[i] = hubspot.Pair{From: s.row.NoteID, To: s.now}
		}
		return asWrite(n.Portal.Client.Disassociate(ctx, hubspot.Notes, object, pairs))
	}, func(s *stray, r hubspot.InputResult) {
		switch {
		case r.Err == nil, r.Err.Code == hubspot.CodeInvalidObjects:
			s.left = true
		default:
			n.settleFailure(s.jot, verdict.Read(r.Err))
		}
	})
}
