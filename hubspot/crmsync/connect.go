package crmsync

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Check implements [integration.Connector]: a list of what works with these
// settings, made without changing anything in HubSpot or here.
func (s *Syncer) Check(ctx context.Context, clientID string, set integration.Settings) (integration.Report, error) {
	in, _, err := s.inspectSettings(ctx, clientID, set)
	if err != nil {
		return integration.Report{}, err
	}
	if in.Fault != nil {
		return integration.Report{}, in.Fault
	}
	return in.Report, nil
}

func (s *Syncer) inspectSettings(ctx context.Context, clientID string, set integration.Settings) (portalCheck, *hubspot.Client, error) {
	opts := settings.Of(set)
	client, err := s.portals.NewClient(opts)
	if err != nil {
		return portalCheck{}, nil, err
	}
	defer client.CloseIdleConnections()
	// The portal's live client, if the key is the same one, knows the portal's
	// limits: a check must not spend calls that the sync counts on.
	if l, ok := s.portals.Peek(clientID); ok && l.Options.Key.Equal(opts.Key) && l.Options.PortalID == opts.PortalID {
		client = l.Client
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
	if err := s.ensure(ctx, client, clientID, in); err != nil {
		return err
	}
	opts := settings.Of(set)
	if opts.CustomEvents {
		if err := s.customEvents.Prepare(ctx, client); err != nil {
			return err
		}
	}
	if opts.Activities || opts.Tickets {
		return s.notes.PrepareKey(ctx, client, ledger.Place{ClientID: clientID, PortalID: opts.PortalID})
	}
	return nil
}

// samePortal refuses to move a connected tenant to another portal: record ids
// of one portal mean nothing in another, so that is a disconnection first.
func (s *Syncer) samePortal(ctx context.Context, clientID string, set integration.Settings) error {
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return inspect.StoreFault(err)
	}
	opts := settings.Of(set)
	if !conn.Connected || conn.PortalID == opts.PortalID {
		return nil
	}
	return &integration.Error{
		Kind:   integration.Conflict,
		Title:  "You are connected to another portal.",
		Detail: "This association is connected to portal " + strconv.FormatInt(conn.PortalID, 10) + ". Nothing was changed.",
		Fix:    "Disconnect first, then connect the new portal. It starts fresh: nothing is carried over from the old one.",
		Fields: integration.FieldErrors{settings.KeyPortal: {"You are connected to portal " + strconv.FormatInt(conn.PortalID, 10) + ". Disconnect first to change it."}},
	}
}

// Connect implements [integration.Connector]. From tx's commit on, changes of
// the tenant are recorded, and its first full sync begins.
func (s *Syncer) Connect(ctx context.Context, tx *sql.Tx, clientID string, set integration.Settings) error {
	now := s.Now()
	opts := settings.Of(set)
	before, err := s.Connections.Get(ctx, tx, clientID)
	if err != nil {
		return inspect.StoreFault(err)
	}
	if before.Connected && before.PortalID == opts.PortalID {
		return s.reconnect(ctx, tx, clientID, opts, now)
	}
	if before.Connected {
		return s.samePortal(ctx, clientID, set)
	}
	if err := s.Connections.Open(ctx, tx, clientID, opts.PortalID, now); err != nil {
		return err
	}
	if err := s.openMatching(ctx, tx, clientID, opts); err != nil {
		return err
	}
	if err := s.Outbox.Open(ctx, tx, clientID); err != nil {
		return inspect.StoreFault(err)
	}
	if err := s.Outbox.SetPaused(ctx, tx, clientID, false); err != nil {
		return inspect.StoreFault(err)
	}
	at := ledger.Place{ClientID: clientID, PortalID: opts.PortalID}
	if err := s.parkings.forget(ctx, tx, at); err != nil {
		return inspect.StoreFault(err)
	}
	if err := s.tags.begin(ctx, tx, at, now); err != nil {
		return inspect.StoreFault(err)
	}
	if err := s.lists.Want(ctx, tx, at, opts, settings.Options{}, now); err != nil {
		return err
	}
	if err := s.switchParts(ctx, tx, at, opts, settings.Options{}, now); err != nil {
		return err
	}
	return s.startRun(ctx, tx, clientID, errand{kinds: opts.Walked(), reason: runFirst}, now)
}

// reconnect applies changed settings to a standing connection. What waited for
// a person goes on; what has been switched on since is sent once.
func (s *Syncer) reconnect(ctx context.Context, tx *sql.Tx, clientID string, opts settings.Options, now time.Time) error {
	if err := s.openMatching(ctx, tx, clientID, opts); err != nil {
		return err
	}
	if err := s.Outbox.Unpark(ctx, tx, clientID); err != nil {
		return inspect.StoreFault(err)
	}
	old, err := s.portals.Settings.Load(ctx, clientID, settings.PluginID)
	if err != nil && !errors.Is(err, integration.ErrNotFound) && !errors.Is(err, integration.ErrSealed) {
		return inspect.StoreFault(err)
	}
	was := settings.Of(old.Settings)
	if err == nil {
		if err := s.moveTags(ctx, tx, ledger.Place{ClientID: clientID, PortalID: opts.PortalID}, opts, was, now); err != nil {
			return inspect.StoreFault(err)
		}
	}
	if opts.TagsOn() && (!was.TagsOn() || opts.Widened(was)) {
		// Many people's tags at once: the admin sees how many before they go out.
		if err := s.tags.shut(ctx, tx, ledger.Place{ClientID: clientID, PortalID: opts.PortalID}, gateFirstSync, now); err != nil {
			return inspect.StoreFault(err)
		}
	}
	if err := s.lists.Want(ctx, tx, ledger.Place{ClientID: clientID, PortalID: opts.PortalID}, opts, was, now); err != nil {
		return err
	}
	if err := s.switchParts(ctx, tx, ledger.Place{ClientID: clientID, PortalID: opts.PortalID}, opts, was, now); err != nil {
		return err
	}
	if err := s.lookAtSchema(ctx, tx, clientID); err != nil { // what the save has made again is known then
		return err
	}
	if more := opts.WalkedSince(was); len(more) > 0 {
		return s.startRun(ctx, tx, clientID, errand{more, runSettings, startedSince(opts, was)}, now)
	}
	if len(opts.Walked()) == 0 {
		// What a run lists from now on would be thrown away.
		if err := s.runs.cancel(ctx, tx, clientID, now); err != nil {
			return inspect.StoreFault(err)
		}
	}
	return nil
}

// openMatching has organizations compared with the portal's companies, if they
// are synced to it for the first time.
func (s *Syncer) openMatching(ctx context.Context, tx *sql.Tx, clientID string, opts settings.Options) error {
	if !opts.Companies {
		return nil
	}
	if err := s.matching.Open(ctx, tx, ledger.Place{ClientID: clientID, PortalID: opts.PortalID}); err != nil {
		return inspect.StoreFault(err)
	}
	return nil
}

func (s *Syncer) startRun(ctx context.Context, tx *sql.Tx, clientID string, e errand, now time.Time) error {
	if err := s.runs.restart(ctx, tx, clientID, e, now); err != nil {
		return inspect.StoreFault(err)
	}
	return nil
}

// Disconnect implements [integration.Connector]: what waits is dropped, the
// gate is closed. Links and the sync log stay.
func (s *Syncer) Disconnect(ctx context.Context, tx *sql.Tx, clientID string) error {
	now := s.Now()
	conn, err := s.Connections.Get(ctx, tx, clientID)
	if err != nil {
		return inspect.StoreFault(err)
	}
	if !conn.Connected {
		return integration.ErrNotConnected
	}
	if err := s.Connections.Close(ctx, tx, clientID, now); err != nil {
		return inspect.StoreFault(err)
	}
	if err := s.ForgetCRMIDs(ctx, tx, clientID); err != nil {
		return inspect.StoreFault(err)
	}
	if err := s.runs.cancel(ctx, tx, clientID, now); err != nil {
		return inspect.StoreFault(err)
	}
	if err := s.Outbox.Shut(ctx, tx, clientID); err != nil {
		return inspect.StoreFault(err)
	}
	s.portals.Forget(clientID)
	return nil
}

// SetPaused implements [integration.Connector].
func (s *Syncer) SetPaused(ctx context.Context, tx *sql.Tx, clientID string, paused bool) error {
	if err := s.connected(ctx, tx, clientID); err != nil {
		return err
	}
	if err := s.Outbox.SetPaused(ctx, tx, clientID, paused); err != nil {
		return inspect.StoreFault(err)
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
	backlog, err := s.Outbox.Backlog(ctx, clientID)
	if err != nil {
		return inspect.StoreFault(err)
	}
	if backlog.Parked != nil && backlog.Parked.Reason == string(verdict.ManyGone) {
		if err := s.Connections.AcceptGone(ctx, tx, clientID, s.Now().Add(goneBelieved)); err != nil {
			return inspect.StoreFault(err)
		}
	}
	if err := s.Outbox.Unpark(ctx, tx, clientID); err != nil {
		return inspect.StoreFault(err)
	}
	if err := s.resume(ctx, tx, clientID); err != nil {
		return err
	}
	if err := s.lookAtSchema(ctx, tx, clientID); err != nil {
		return err
	}
	opts := s.optionsOn(ctx, clientID)
	if err := s.lists.Store.AskAgain(ctx, tx, ledger.Place{ClientID: clientID, PortalID: opts.PortalID}); err != nil {
		return inspect.StoreFault(err)
	}
	return s.lists.LookAt(ctx, tx, clientID, opts)
}

func (s *Syncer) connected(ctx context.Context, tx bun.IConn, clientID string) error {
	conn, err := s.Connections.Get(ctx, tx, clientID)
	if err != nil {
		return inspect.StoreFault(err)
	}
	if !conn.Connected {
		return integration.ErrNotConnected
	}
	return nil
}
