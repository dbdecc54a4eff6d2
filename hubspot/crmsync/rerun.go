package crmsync

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Sync implements [integration.Runner]: everything that is state is
// written once more, whether or not anything changed here, so that what was
// edited or lost in HubSpot is right again; see resyncSays.
func (s *Syncer) Sync(ctx context.Context, clientID string) (integration.Run, error) {
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return integration.Run{}, inspect.StoreFault(err)
	}
	if !conn.Connected {
		return integration.Run{}, integration.ErrNotConnected
	}
	opts := s.optionsOn(ctx, clientID)
	kinds := opts.Walked()
	if len(kinds) == 0 {
		return integration.Run{}, &integration.Error{Kind: integration.Conflict, Title: "Nothing is switched on.",
			Detail: "Nothing would be sent.", Fix: "Turn on Sync Contacts or another part and save. That sends everything of it once."}
	}
	started := false
	err = s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) (err error) {
		if started, err = s.runs.begin(ctx, tx, clientID, errand{kinds: kinds, reason: runFull}, s.Now()); err != nil || !started {
			return err
		}
		if err := s.Connections.RaiseEpoch(ctx, tx, clientID); err != nil {
			return err
		}
		return s.lists.LookAt(ctx, tx.Tx, clientID, opts)
	})
	if err != nil {
		return integration.Run{}, inspect.StoreFault(err)
	}
	run, found, err := s.LastSync(ctx, clientID)
	if err != nil || !found {
		return run, err
	}
	if !started {
		return run, &integration.Error{Kind: integration.Conflict, Title: "A sync is under way already: " + words.LowerFirst(run.Title) + ".",
			Detail: "Two at once would do the same work twice. Nothing was changed.", Fix: "Wait until it is done, then press Sync everything; the page shows its progress."}
	}
	return run, nil
}

// LastSync implements [integration.Runner].
func (s *Syncer) LastSync(ctx context.Context, clientID string) (integration.Run, bool, error) {
	row, found, err := s.runs.last(ctx, s.DB, clientID)
	if err != nil {
		return integration.Run{}, false, inspect.StoreFault(err)
	}
	if !found {
		return integration.Run{}, false, nil
	}
	backlog, err := s.Outbox.Backlog(ctx, clientID)
	if err != nil {
		return integration.Run{}, false, inspect.StoreFault(err)
	}
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return integration.Run{}, false, inspect.StoreFault(err)
	}
	counts, err := s.syncLog().counts(ctx, s.DB, ledger.Place{ClientID: clientID, PortalID: conn.PortalID})
	if err != nil {
		return integration.Run{}, false, inspect.StoreFault(err)
	}
	run := row.progress(backlog.Backfill, s.Now())
	run.WithIssues = failedOf(counts) > 0
	return run, true, nil
}
