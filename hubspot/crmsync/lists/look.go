package lists

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// listsEntry asks for a look at the tenant's lists. It goes through the outbox
// like everything else that calls HubSpot: one replica at a time, tried again
// until it is settled, and never in the way of an admin who saves settings.
func listsEntry(clientID string) outbox.Entry {
	return outbox.Entry{Tenant: clientID, Lane: outbox.LaneLive, Kind: kinds.List, Key: kinds.List}
}

// Want asks for the lists of settings within tx.
func (s *Carrier) Want(ctx context.Context, tx *sql.Tx, at ledger.Place, o, old settings.Options, now time.Time) error {
	if err := s.Store.want(ctx, tx, at, o, old, now); err != nil {
		return inspect.StoreFault(err)
	}
	return s.LookAt(ctx, tx, at.ClientID, o)
}

// LookAt makes a look at the lists happen, if there are any.
func (s *Carrier) LookAt(ctx context.Context, tx *sql.Tx, clientID string, o settings.Options) error {
	if len(o.WantedLists()) == 0 {
		return nil
	}
	if err := s.Outbox.AppendSQL(ctx, tx, listsEntry(clientID)); err != nil {
		return inspect.StoreFault(err)
	}
	return nil
}

// listPass looks at all of a tenant's lists once.
type listPass struct {
	*carry.Outing
	s      *Carrier
	folder string // its id, once it is known
	sought bool
	open   bool // the tags' gate
}

// CarryLists finds, restores or makes the lists that the settings ask for.
func (s *Carrier) CarryLists(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	p := &listPass{s: s, Outing: &carry.Outing{Base: s.Base, Batch: b, Portal: portal}}
	stored, err := s.Store.Load(ctx, s.DB, portal.Place)
	if err != nil {
		return carry.Result{}, err
	}
	if p.open, err = s.Store.gateOpen(ctx, s.DB, portal.Place); err != nil {
		return carry.Result{}, err
	}
	var rows []Row
	again := false             // contacts were kept out of a static list that takes them now
	var later *verdict.Failure // HubSpot said nothing about a list: it is looked at again
	for _, w := range portal.Options.WantedLists() {
		row, ok := stored[w.Key()]
		if !ok {
			continue // of settings that are being replaced just now
		}
		next, silent := p.look(ctx, w, row)
		if p.Ended() {
			break
		}
		if silent != nil {
			later = silent
			continue // the row stays due
		}
		if next.State != row.State && inTrouble(next.State) {
			s.Log.Warn("a list cannot be used", "client_id", b.Tenant, "tag", w.Tag.Slug, "mode", w.Mode, "state", next.State, "correlation_id", next.Correlation)
		}
		again = again || w.Mode == settings.ListStatic && next.State == listOK && (row.State != listOK || row.due() || row.ListID != next.ListID)
		next.Looked = row.Asked
		rows = append(rows, next)
	}
	if p.Lost != nil {
		return carry.Result{}, p.Lost
	}
	r := carry.Same(b, outbox.Delivered())
	if later != nil {
		r = carry.Same(b, outbox.Retry(verdict.ClassTransient, string(later.Code), later.After))
	}
	if r.Stop = p.Stop; p.Stop != nil {
		r = carry.Same(b, outbox.Snooze())
		r.Stop = p.Stop
	}
	return r, s.noteLists(ctx, portal.Place, rows, func(ctx context.Context, tx bun.Tx, now time.Time) error {
		if !again {
			return nil
		}
		return s.again(ctx, tx, b.Tenant, kinds.Segment, now)
	})
}

// noteLists stores what is known of lists, in a transaction of its own: in
// Settle's it would wait, lists locked, for the tenant's row, which an admin who
// saves settings has locked before the lists.
func (s *Carrier) noteLists(ctx context.Context, at ledger.Place, rows []Row, also func(context.Context, bun.Tx, time.Time) error) error {
	return s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now := s.Now()
		for _, row := range rows {
			if err := s.Store.found(ctx, tx, at, row, now); err != nil {
				return err
			}
		}
		return also(ctx, tx, now)
	})
}

// ask makes a call about lists. What only concerns lists does not stop the
// tenant: contacts go on.
func ask(ctx context.Context, o *carry.Outing, do func(context.Context) error) error {
	_, err := o.Call(ctx, do)
	if _, ours := listTrouble(err); ours {
		o.Stop = nil
	}
	return err
}

// look returns the row as it is after a look at the list in HubSpot, or why
// HubSpot's answer says nothing about the list. If the pass has ended it says
// nothing.
func (p *listPass) look(ctx context.Context, w settings.WantedList, row Row) (Row, *verdict.Failure) {
	row.Detail, row.Correlation = "", ""
	l, made, err := p.present(ctx, w, row.ListID)
	if p.Ended() {
		return row, nil
	}
	if err != nil {
		return row.troubled(err)
	}
	how := fits // of one that was just made; HubSpot's reply does not show its filter
	if !made {
		how = compareList(w, l, row.Property)
	}
	switch {
	case how == fits:
	case how == outdated && !p.open:
		row.State, row.ListID = listOK, l.ID // it follows once the tags may be written there
		return row, nil
	case how == outdated:
		// The tag is written to another property since: the list follows it there.
		err := ask(ctx, p.Outing, func(ctx context.Context) error { return p.Portal.Client.RefilterList(ctx, l.ID, w.Filter()) })
		if err != nil {
			return row.troubled(err)
		}
	default:
		if row.ListID == "" {
			row.State = listTaken
		} else {
			row.State = listEdited
		}
		return row, nil
	}
	row.State, row.ListID, row.Property = listOK, l.ID, ""
	if w.Mode == settings.ListActive {
		row.Property = w.Property
	}
	return row, nil
}

// troubled is the row after a refusal; one that is locked, say, tells nothing of
// the list.
func (r Row) troubled(err error) (Row, *verdict.Failure) {
	f := verdict.Read(err)
	state, ok := listTrouble(err)
	if !ok {
		return r, &f
	}
	r.State, r.Detail, r.Correlation = state, f.Detail, f.Correlation
	if len(f.Properties) > 0 {
		r.Detail = strings.Join(f.Properties, ", ")
	}
	return r, nil
}

// present returns the list as HubSpot has it: the one that is known by its id,
// restored if it was deleted; else one that has its name, else a new one. What
// is not found at the end was deleted for good.
func (p *listPass) present(ctx context.Context, w settings.WantedList, id string) (l hubspot.List, made bool, err error) {
	client := p.Portal.Client
	byID := func(ctx context.Context) (err error) { l, err = client.List(ctx, id); return err }
	byName := func(ctx context.Context) (err error) {
		l, err = client.ListByName(ctx, hubspot.Contacts, w.Name())
		return err
	}
	if id != "" {
		if err = ask(ctx, p.Outing, byID); !hubspot.IsNotFound(err) {
			return l, false, err
		}
		// Workflows and emails point at its id, so a new one is no substitute.
		if err = ask(ctx, p.Outing, func(ctx context.Context) error { return client.RestoreList(ctx, id) }); err == nil {
			err = ask(ctx, p.Outing, byID)
		}
		return l, false, err
	}
	if err = ask(ctx, p.Outing, byName); !hubspot.IsNotFound(err) {
		return l, false, err
	}
	p.findFolder(ctx)
	want := hubspot.NewList{Name: w.Name(), ObjectType: hubspot.Contacts, Type: hubspot.ManualList, FolderID: p.folder}
	if w.Mode == settings.ListActive {
		filter := w.Filter()
		want.Type, want.Filter = hubspot.DynamicList, &filter
	}
	err = ask(ctx, p.Outing, func(ctx context.Context) (err error) { l, err = client.CreateList(ctx, want); return err })
	if hubspot.IsConflict(err) && !hubspot.IsListLimit(err) {
		// Somebody was faster, or a deleted list keeps the name.
		if again := ask(ctx, p.Outing, byName); !hubspot.IsNotFound(again) {
			return l, false, again
		}
	}
	return l, err == nil, err
}

// findFolder finds our folder, or makes it. Without one a list goes into the
// root: the place of a list is no reason to have none.
func (p *listPass) findFolder(ctx context.Context) {
	if p.sought {
		return
	}
	p.sought = true
	client := p.Portal.Client
	err := ask(ctx, p.Outing, func(ctx context.Context) error {
		root, err := client.ListFolder(ctx, "")
		for _, f := range root.Folders {
			if p.folder == "" && strings.EqualFold(f.Name, settings.ListFolder) {
				p.folder = f.ID
			}
		}
		return err
	})
	if err != nil || p.folder != "" || p.Ended() {
		return
	}
	_ = ask(ctx, p.Outing, func(ctx context.Context) error {
		f, err := client.CreateListFolder(ctx, settings.ListFolder, hubspot.RootFolder)
		p.folder = f.ID
		return err
	})
}
