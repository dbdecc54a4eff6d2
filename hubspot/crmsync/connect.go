package crmsync

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Check implements [integration.Connector]: a list of what works with these
// settings, made without changing anything in HubSpot or here.
func (s *Syncer) Check(ctx context.Context, clientID string, set integration.Settings) (integration.Report, error) {
	in, _, err := s.inspectSettings(ctx, clientID, set)
	if err != nil {
		return integration.Report{}, err
	}
	if in.fault != nil {
		return integration.Report{}, in.fault
	}
	return in.report, nil
}

func (s *Syncer) inspectSettings(ctx context.Context, clientID string, set integration.Settings) (portalCheck, *hubspot.Client, error) {
	opts := optionsOf(set)
	client, err := s.portals.newClient(opts)
	if err != nil {
		return portalCheck{}, nil, err
	}
	defer client.CloseIdleConnections()
	// The portal's live client, if the key is the same one, knows the portal's
	// limits: a check must not spend calls that the sync counts on.
	if l, ok := s.portals.peek(clientID); ok && l.options.key.Equal(opts.key) && l.options.portalID == opts.portalID {
		client = l.client
	}
	client = client.Console()
	return s.inspect(ctx, clientID, opts, client), client, nil
}

// Prepare implements [integration.Connector]: Check, then the property groups
// and the properties that are missing in HubSpot.
func (s *Syncer) Prepare(ctx context.Context, clientID string, set integration.Settings) error {
	if err := s.samePortal(ctx, clientID, set); err != nil {
		return err
	}
	in, client, err := s.inspectSettings(ctx, clientID, set)
	if err != nil {
		return err
	}
	if err := in.refusal(); err != nil {
		return err
	}
	for _, gap := range in.gaps {
		if _, err := ensureSchema(ctx, client, gap); err != nil {
			return err
		}
	}
	opts := optionsOf(set)
	if opts.customEvents {
		if err := s.customEvents.prepareCustomEvents(ctx, client); err != nil {
			return err
		}
	}
	if opts.activities || opts.tickets {
		return s.notes.prepareNoteKey(ctx, client, place{clientID, opts.portalID})
	}
	return nil
}

// samePortal refuses to move a connected tenant to another portal: record ids
// of one portal mean nothing in another, so that is a disconnection first.
func (s *Syncer) samePortal(ctx context.Context, clientID string, set integration.Settings) error {
	conn, err := s.connections.get(ctx, s.db, clientID)
	if err != nil {
		return storeFault(err)
	}
	opts := optionsOf(set)
	if !conn.Connected || conn.PortalID == opts.portalID {
		return nil
	}
	return &integration.Error{
		Kind:   integration.Conflict,
		Title:  "You are connected to another portal.",
		Detail: "This association is connected to portal " + strconv.FormatInt(conn.PortalID, 10) + ". Nothing was changed.",
		Fix:    "Disconnect first, then connect the new portal. It starts fresh: nothing is carried over from the old one.",
		Fields: integration.FieldErrors{settingPortal: {"You are connected to portal " + strconv.FormatInt(conn.PortalID, 10) + ". Disconnect first to change it."}},
	}
}

// Connect implements [integration.Connector]. From tx's commit on, changes of
// the tenant are recorded, and its first full sync begins.
func (s *Syncer) Connect(ctx context.Context, tx *sql.Tx, clientID string, set integration.Settings) error {
	now := s.now()
	opts := optionsOf(set)
	before, err := s.connections.get(ctx, tx, clientID)
	if err != nil {
		return storeFault(err)
	}
	if before.Connected && before.PortalID == opts.portalID {
		return s.reconnect(ctx, tx, clientID, opts, now)
	}
	if before.Connected {
		return s.samePortal(ctx, clientID, set)
	}
	if err := s.connections.open(ctx, tx, clientID, opts.portalID, now); err != nil {
		return err
	}
	if err := s.openMatching(ctx, tx, clientID, opts); err != nil {
		return err
	}
	if err := s.outbox.Open(ctx, tx, clientID); err != nil {
		return storeFault(err)
	}
	if err := s.outbox.SetPaused(ctx, tx, clientID, false); err != nil {
		return storeFault(err)
	}
	if err := s.tags.shut(ctx, tx, place{clientID, opts.portalID}, gateFirstSync, now); err != nil {
		return storeFault(err)
	}
	if err := s.lists.wantLists(ctx, tx, place{clientID, opts.portalID}, opts, options{}, now); err != nil {
		return err
	}
	if err := s.switchEvents(ctx, tx, place{clientID, opts.portalID}, opts, options{}, now); err != nil {
		return err
	}
	return s.startRun(ctx, tx, clientID, errand{kinds: opts.walked(), reason: runFirst}, now)
}

// reconnect applies changed settings to a standing connection. What waited for
// a person goes on; what has been switched on since is sent once.
func (s *Syncer) reconnect(ctx context.Context, tx *sql.Tx, clientID string, opts options, now time.Time) error {
	if err := s.openMatching(ctx, tx, clientID, opts); err != nil {
		return err
	}
	if err := s.outbox.Unpark(ctx, tx, clientID); err != nil {
		return storeFault(err)
	}
	old, err := s.portals.settings.Load(ctx, clientID, pluginID)
	if err != nil && !errors.Is(err, integration.ErrNotFound) && !errors.Is(err, integration.ErrSealed) {
		return storeFault(err)
	}
	if opts.tags && (!old.Settings.On(settingTags) || opts.retargeted(optionsOf(old.Settings))) {
		// Everybody's tags at once: the admin sees how many before they go out.
		if err := s.tags.shut(ctx, tx, place{clientID, opts.portalID}, gateFirstSync, now); err != nil {
			return storeFault(err)
		}
	}
	if err := s.lists.wantLists(ctx, tx, place{clientID, opts.portalID}, opts, optionsOf(old.Settings), now); err != nil {
		return err
	}
	if err := s.switchEvents(ctx, tx, place{clientID, opts.portalID}, opts, optionsOf(old.Settings), now); err != nil {
		return err
	}
	was := optionsOf(old.Settings)
	if more := opts.walkedSince(was); len(more) > 0 {
		return s.startRun(ctx, tx, clientID, errand{more, runSettings, startedSince(opts, was)}, now)
	}
	if len(opts.walked()) == 0 {
		// What a run lists from now on would be thrown away.
		if err := s.runs.cancel(ctx, tx, clientID, now); err != nil {
			return storeFault(err)
		}
	}
	return nil
}

// openMatching has organizations compared with the portal's companies, if they
// are synced to it for the first time.
func (s *Syncer) openMatching(ctx context.Context, tx *sql.Tx, clientID string, opts options) error {
	if !opts.companies {
		return nil
	}
	if err := s.matches.open(ctx, tx, place{clientID, opts.portalID}); err != nil {
		return storeFault(err)
	}
	return nil
}

func (s *Syncer) startRun(ctx context.Context, tx *sql.Tx, clientID string, e errand, now time.Time) error {
	if err := s.runs.restart(ctx, tx, clientID, e, now); err != nil {
		return storeFault(err)
	}
	return nil
}

// Disconnect implements [integration.Connector]: what waits is dropped, the
// gate is closed. Links and the sync log stay.
func (s *Syncer) Disconnect(ctx context.Context, tx *sql.Tx, clientID string) error {
	now := s.now()
	conn, err := s.connections.get(ctx, tx, clientID)
	if err != nil {
		return storeFault(err)
	}
	if !conn.Connected {
		return integration.ErrNotConnected
	}
	if err := s.connections.close(ctx, tx, clientID, now); err != nil {
		return storeFault(err)
	}
	if err := s.runs.cancel(ctx, tx, clientID, now); err != nil {
		return storeFault(err)
	}
	if err := s.outbox.Shut(ctx, tx, clientID); err != nil {
		return storeFault(err)
	}
	s.portals.forget(clientID)
	return nil
}

// SetPaused implements [integration.Connector].
func (s *Syncer) SetPaused(ctx context.Context, tx *sql.Tx, clientID string, paused bool) error {
	if err := s.connected(ctx, tx, clientID); err != nil {
		return err
	}
	if err := s.outbox.SetPaused(ctx, tx, clientID, paused); err != nil {
		return storeFault(err)
	}
	return nil
}

// goneBelieved is how long mass deletions are believed after an admin has
// confirmed one.
const goneBelieved = 15 * time.Minute

// Recheck implements [integration.Connector]: the tenant goes on at once. If it
// waited because many members are gone, they are believed to be gone.
func (s *Syncer) Recheck(ctx context.Context, tx *sql.Tx, clientID string) error {
	if err := s.connected(ctx, tx, clientID); err != nil {
		return err
	}
	backlog, err := s.outbox.Backlog(ctx, clientID)
	if err != nil {
		return storeFault(err)
	}
	if backlog.Parked != nil && backlog.Parked.Reason == string(codeManyGone) {
		if err := s.connections.acceptGone(ctx, tx, clientID, s.now().Add(goneBelieved)); err != nil {
			return storeFault(err)
		}
	}
	if err := s.outbox.Unpark(ctx, tx, clientID); err != nil {
		return storeFault(err)
	}
	if err := s.resume(ctx, tx, clientID); err != nil {
		return err
	}
	if err := s.lookAtSchema(ctx, tx, clientID); err != nil {
		return err
	}
	opts := s.optionsOn(ctx, clientID)
	if err := s.lists.store.askAgain(ctx, tx, place{clientID, opts.portalID}); err != nil {
		return storeFault(err)
	}
	return s.lists.lookAtLists(ctx, tx, clientID, opts)
}

func (s *Syncer) connected(ctx context.Context, tx bun.IConn, clientID string) error {
	conn, err := s.connections.get(ctx, tx, clientID)
	if err != nil {
		return storeFault(err)
	}
	if !conn.Connected {
		return integration.ErrNotConnected
	}
	return nil
}
