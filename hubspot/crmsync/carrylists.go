package crmsync

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// listsEntry asks for a look at the tenant's lists. It goes through the outbox
// like everything else that calls HubSpot: one replica at a time, tried again
// until it is settled, and never in the way of an admin who saves settings.
func listsEntry(clientID string) outbox.Entry {
	return outbox.Entry{Tenant: clientID, Lane: outbox.LaneLive, Kind: kindList, Key: kindList}
}

// wantLists asks for the lists of settings within tx.
func (s *listCarrier) wantLists(ctx context.Context, tx *sql.Tx, at place, o, old options, now time.Time) error {
	if err := s.store.want(ctx, tx, at, o, old, now); err != nil {
		return storeFault(err)
	}
	return s.lookAtLists(ctx, tx, at.clientID, o)
}

// lookAtLists makes a look at the lists happen, if there are any.
func (s *listCarrier) lookAtLists(ctx context.Context, tx *sql.Tx, clientID string, o options) error {
	if len(o.wantedLists()) == 0 {
		return nil
	}
	if err := s.outbox.AppendSQL(ctx, tx, listsEntry(clientID)); err != nil {
		return storeFault(err)
	}
	return nil
}

// listPass looks at all of a tenant's lists once.
type listPass struct {
	*outing
	s      *listCarrier
	folder string // its id, once it is known
	sought bool
}

// carryLists finds, restores or makes the lists that the settings ask for.
func (s *listCarrier) carryLists(ctx context.Context, b outbox.Batch, portal *Portal) (result, error) {
	p := &listPass{s: s, outing: &outing{base: s.base, batch: b, portal: portal}}
	stored, err := s.store.load(ctx, s.db, portal.place)
	if err != nil {
		return result{}, err
	}
	var rows []listRow
	again := false // contacts were kept out of a static list that takes them now
	for _, w := range portal.options.wantedLists() {
		row, ok := stored[w.key()]
		if !ok {
			continue // of settings that are being replaced just now
		}
		next := p.look(ctx, w, row)
		if p.ended() {
			break
		}
		if next.State != row.State && inTrouble(next.State) {
			s.log.Warn("a list cannot be used", "client_id", b.Tenant, "tag", w.tag.Slug, "mode", w.mode, "state", next.State, "correlation_id", next.Correlation)
		}
		again = again || w.mode == listStatic && next.State == listOK && (row.State != listOK || row.due() || row.ListID != next.ListID)
		next.Looked = row.Asked
		rows = append(rows, next)
	}
	if p.lost != nil {
		return result{}, p.lost
	}
	r := same(b, outbox.Delivered())
	if r.stop = p.stop; p.stop != nil {
		r = same(b, outbox.Snooze())
		r.stop = p.stop
	}
	return r, s.noteLists(ctx, portal.place, rows, func(ctx context.Context, tx bun.Tx, now time.Time) error {
		if !again {
			return nil
		}
		return s.again(ctx, tx, b.Tenant, kindSegment, now)
	})
}

// noteLists stores what is known of lists, in a transaction of its own: in
// Settle's it would wait, lists locked, for the tenant's row, which an admin who
// saves settings has locked before the lists.
func (s *listCarrier) noteLists(ctx context.Context, at place, rows []listRow, also func(context.Context, bun.Tx, time.Time) error) error {
	return s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		for _, row := range rows {
			if err := s.store.found(ctx, tx, at, row, now); err != nil {
				return err
			}
		}
		return also(ctx, tx, now)
	})
}

// ask makes a call about lists. What only concerns lists does not stop the
// tenant: contacts go on.
func ask(ctx context.Context, o *outing, do func(context.Context) error) error {
	_, err := o.call(ctx, do)
	if _, ours := listTrouble(err); ours {
		o.stop = nil
	}
	return err
}

// look returns the row as it is after a look at the list in HubSpot. If the
// pass has ended it says nothing.
func (p *listPass) look(ctx context.Context, w wantedList, row listRow) listRow {
	row.Detail, row.Correlation = "", ""
	l, made, err := p.present(ctx, w, row.ListID)
	if p.ended() {
		return row
	}
	if err != nil {
		return row.troubled(err)
	}
	how := fits // of one that was just made; HubSpot's reply does not show its filter
	if !made {
		how = compareList(w, l, row.Property)
	}
	switch how {
	case fits:
	case outdated:
		// The tag is written to another property since: the list follows it there.
		err := ask(ctx, p.outing, func(ctx context.Context) error { return p.portal.client.RefilterList(ctx, l.ID, w.filter()) })
		if err != nil {
			return row.troubled(err)
		}
	case misfit:
		if row.ListID == "" {
			row.State = listTaken
		} else {
			row.State = listEdited
		}
		return row
	}
	row.State, row.ListID, row.Property = listOK, l.ID, ""
	if w.mode == listActive {
		row.Property = w.property
	}
	return row
}

// troubled is the row after a refusal.
func (r listRow) troubled(err error) listRow {
	if state, ok := listTrouble(err); ok {
		f := readFailure(err)
		r.State, r.Detail, r.Correlation = state, f.detail, f.correlation
		if len(f.properties) > 0 {
			r.Detail = strings.Join(f.properties, ", ")
		}
	}
	return r
}

// present returns the list as HubSpot has it: the one that is known by its id,
// restored if it was deleted; else one that has its name, else a new one. What
// is not found at the end was deleted for good.
func (p *listPass) present(ctx context.Context, w wantedList, id string) (l hubspot.List, made bool, err error) {
	client := p.portal.client
	byID := func(ctx context.Context) (err error) { l, err = client.List(ctx, id); return err }
	byName := func(ctx context.Context) (err error) {
		l, err = client.ListByName(ctx, hubspot.Contacts, w.name())
		return err
	}
	if id != "" {
		if err = ask(ctx, p.outing, byID); !hubspot.IsNotFound(err) {
			return l, false, err
		}
		// Workflows and emails point at its id, so a new one is no substitute.
		if err = ask(ctx, p.outing, func(ctx context.Context) error { return client.RestoreList(ctx, id) }); err == nil {
			err = ask(ctx, p.outing, byID)
		}
		return l, false, err
	}
	if err = ask(ctx, p.outing, byName); !hubspot.IsNotFound(err) {
		return l, false, err
	}
	p.findFolder(ctx)
	want := hubspot.NewList{Name: w.name(), ObjectType: hubspot.Contacts, Type: hubspot.ManualList, FolderID: p.folder}
	if w.mode == listActive {
		filter := w.filter()
		want.Type, want.Filter = hubspot.DynamicList, &filter
	}
	err = ask(ctx, p.outing, func(ctx context.Context) (err error) { l, err = client.CreateList(ctx, want); return err })
	if hubspot.IsConflict(err) && !hubspot.IsListLimit(err) {
		// Somebody was faster, or a deleted list keeps the name.
		if again := ask(ctx, p.outing, byName); !hubspot.IsNotFound(again) {
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
	client := p.portal.client
	err := ask(ctx, p.outing, func(ctx context.Context) error {
		root, err := client.ListFolder(ctx, "")
		for _, f := range root.Folders {
			if p.folder == "" && strings.EqualFold(f.Name, listFolder) {
				p.folder = f.ID
			}
		}
		return err
	})
	if err != nil || p.folder != "" || p.ended() {
		return
	}
	_ = ask(ctx, p.outing, func(ctx context.Context) error {
		f, err := client.CreateListFolder(ctx, listFolder, hubspot.RootFolder)
		p.folder = f.ID
		return err
	})
}
