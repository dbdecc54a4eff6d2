package notes

import (
	"context"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/schema"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// propNoteID carries the id of the activity or ticket whose note it is, unique
// in HubSpot if HubSpot lets notes have such a property. Nothing that HubSpot
// publishes says so; so it is tried.
const propNoteID = "memberpulse_note_id"

// What was found out about a portal.
const (
	noteKeyUnique = "unique"
	noteKeyNone   = "none"
)

func noteKeyProperty() hubspot.Property {
	p := schema.TextProperty(propNoteID, "MemberPulse note ID", "Which activity or support ticket of MemberPulse this note is about. Written by MemberPulse; do not edit.")
	p.HasUniqueValue = true
	return p
}

// ensureNoteKey finds out whether the portal lets notes have a key, and makes
// the property if it does. A refusal is an answer, not an error. "" says that
// the property was made just now: HubSpot's writes may not know it yet, and a
// note ignores what it does not know, so it must not be used at once.
func (s *Carrier) ensureNoteKey(ctx context.Context, client *hubspot.Client) (string, error) {
	want := noteKeyProperty()
	got, err := client.Property(ctx, hubspot.Notes, want.Name)
	made := hubspot.IsNotFound(err)
	if made {
		if err = schema.EnsureGroup(ctx, client, hubspot.Notes); err == nil {
			got, err = client.CreateProperty(ctx, hubspot.Notes, want)
		}
	}
	switch {
	case hubspot.IsConflict(err): // another replica has made it
		return "", nil
	case declined(err):
		return noteKeyNone, nil
	case err != nil:
		return "", err
	case got.Type != want.Type, !got.HasUniqueValue:
		return noteKeyNone, nil
	case made, s.isNew(got):
		return "", nil
	}
	if works, err := noteKeyWorks(ctx, client); err != nil || !works {
		return noteKeyNone, err
	}
	return noteKeyUnique, nil
}

// noteKeyRest is how long a new key is left alone. HubSpot was seen to need up
// to 0.7 s.
const noteKeyRest = 5 * time.Second

// isNew reports whether HubSpot's writes may not know a property yet, whoever
// made it. A clock that is far ahead of ours tells nothing.
func (s *Carrier) isNew(p hubspot.Property) bool {
	age := s.Now().Sub(p.CreatedAt)
	return age < s.keyRest && age > -time.Minute
}

// noteKeyWorks tells whether HubSpot finds notes by their key. That a property
// is said to be unique proves little.
func noteKeyWorks(ctx context.Context, client *hubspot.Client) (bool, error) {
	_, err := client.BatchRead(ctx, hubspot.Notes, hubspot.BatchRead{IDProperty: propNoteID, IDs: []string{"00000000-0000-0000-0000-000000000000"}})
	if declined(err) {
		return false, nil
	}
	return err == nil, err
}

// declined reports that HubSpot will not have notes with a key.
func declined(err error) bool { return hubspot.IsForbidden(err) || hubspot.IsValidation(err) }

// PrepareKey makes the key when settings are saved. A portal that is not
// connected yet is asked again with its first note.
func (s *Carrier) PrepareKey(ctx context.Context, client *hubspot.Client, at ledger.Place) error {
	found, err := s.ensureNoteKey(ctx, client)
	if err != nil {
		return inspect.VendorError(err)
	}
	if err := s.Connections.SetNoteKey(ctx, s.DB, at, found); err != nil {
		return inspect.StoreFault(err)
	}
	return nil
}

// Needs says in a check whether notes have a key, or will.
func Needs(ctx context.Context, in *inspect.Inspection, client *hubspot.Client) {
	const name = "Notes"
	for _, it := range in.Report.Items {
		if it.Name == name {
			return
		}
	}
	p, err := client.Property(ctx, hubspot.Notes, propNoteID)
	switch {
	case hubspot.IsNotFound(err):
		in.Add(integration.CheckItem{Name: name, State: inspect.Missing, Detail: "A property of their own will be created, so that none is ever made twice. If HubSpot does not allow that, each note ends with a short reference instead."})
	case declined(err), err == nil && !p.HasUniqueValue:
		in.Add(integration.CheckItem{Name: name, State: inspect.OK, Detail: "Each ends with a short reference, by which it is found again."})
	case err != nil:
		in.Stop(inspect.VendorError(err))
	default:
		in.Add(integration.CheckItem{Name: name, State: inspect.OK, Detail: "They have a property of their own, so that none is ever made twice."})
	}
}

// findNoteKey finds out whether notes have a key, if that is not known yet. It
// reports false if the outing must not go on.
func (n *noting) findNoteKey(ctx context.Context) bool {
	found := n.Portal.NoteKey
	if found == "" {
		ok, err := n.Call(ctx, func(ctx context.Context) (err error) {
			found, err = n.s.ensureNoteKey(ctx, n.Portal.Client)
			return err
		})
		switch {
		case !ok:
			return false
		case err != nil:
			n.rests = verdict.Read(err)
			return false
		case found == "":
			n.rests = verdict.Failure{Code: verdict.NoProperty, Properties: []string{propNoteID}}
			return false
		}
		if err := n.s.Connections.SetNoteKey(ctx, n.s.DB, n.Portal.Place, found); err != nil {
			n.s.Log.Warn("whether notes have a key could not be stored", "client_id", n.Batch.Tenant, "error", err)
		}
	}
	n.keyed = found == noteKeyUnique
	return true
}
