package integrationtest

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// PluginHarness is one plugin in its host, made anew for each test.
type PluginHarness struct {
	Plugin integration.Plugin // not started
	DB     *sql.DB            // the host's database, migrated
	// ClientID is a tenant with at least one member, OtherClientID another one.
	// Neither is connected.
	ClientID, OtherClientID string
	// Good are settings that ClientID can connect with; Bad are settings that
	// pass the schema and that the vendor refuses.
	Good, Bad integration.Settings
	// Save stores settings within tx, as the console does beside Connect.
	Save func(ctx context.Context, tx *sql.Tx, clientID string, s integration.Settings) error
	// Change is a change of one of ClientID's members.
	Change integration.Change
}

// TestPlugin runs the contract of [integration.Plugin] and of the optional
// capabilities that the plugin implements. newHarness registers its own
// clean-up with t.
func TestPlugin(t *testing.T, newHarness func(t *testing.T) PluginHarness) {
	t.Helper()
	for _, r := range slices.Concat(pluginRules(), capabilityRules()) {
		t.Run(r.name, func(t *testing.T) {
			h := newHarness(t)
			t.Cleanup(func() {
				ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
				defer cancel()
				if err := h.Plugin.Stop(ctx); err != nil {
					t.Errorf("stop at the end: %v", err)
				}
			})
			r.check(t, h)
		})
	}
}

func pluginRules() []rule[PluginHarness] {
	return []rule[PluginHarness]{
		{"the spec is well formed and constant", specIsConstant},
		{"stopping needs no start and can be repeated", stopIsSafe},
		{"the context of start is for starting only", startContextEnds},
		{"the recorder refuses mistakes before any statement", recorderRefuses},
		{"a check reports refusals and changes nothing", checkChangesNothing},
		{"refused settings cannot be prepared", prepareRefuses},
		{"connecting happens with its transaction or not at all", connectIsAtomic},
		{"a connected tenant arrives, pauses, resumes and leaves", connectedLife},
		{"another tenant sees nothing", tenantsAreApart},
		{"no secret is told", secretsStayInside},
	}
}

func specIsConstant(t testing.TB, h PluginHarness) {
	first, again := h.Plugin.Spec(), h.Plugin.Spec()
	if err := first.ID.Validate(); err != nil {
		t.Error(err)
	}
	if err := first.Schema.Validate(); err != nil {
		t.Error(err)
	}
	if first.Name == "" || first.Category == "" || first.Summary == "" {
		t.Errorf("the spec lacks name, category or summary: %+v", first)
	}
	if first.ID != again.ID || len(first.Schema.Fields()) != len(again.Schema.Fields()) {
		t.Error("two calls of Spec differ")
	}
	for i, f := range first.Schema.Fields() {
		g := again.Schema.Fields()[i]
		if f.Key != g.Key || f.Type != g.Type || f.Required != g.Required || f.Default != g.Default {
			t.Errorf("field %q differs from one call to the next", f.Key)
		}
	}
}

func stopIsSafe(t testing.TB, h PluginHarness) {
	for range 2 {
		if err := h.Plugin.Stop(t.Context()); err != nil {
			t.Errorf("stop: %v", err)
		}
	}
}

func startContextEnds(t testing.TB, h PluginHarness) {
	ctx, cancel := context.WithCancel(t.Context())
	if err := h.Plugin.Start(ctx); err != nil {
		t.Fatalf("start: %v", err)
	}
	cancel()
	if err := h.Plugin.Stop(t.Context()); err != nil {
		t.Errorf("stop after the context of start has ended: %v", err)
	}
}

func recorderRefuses(t testing.TB, h PluginHarness) {
	r, ok := h.Plugin.(integration.Recorder)
	if !ok {
		t.Log("no Recorder")
		return
	}
	tx, err := h.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	bad := h.Change
	bad.ClientID = "not-a-uuid"
	unknown := h.Change
	unknown.Ref.Kind = "no-such-kind"
	for what, c := range map[string]integration.Change{"a tenant that is no UUID": bad, "a kind without handler": unknown, "nothing at all": {}} {
		if err := r.RecordSQL(t.Context(), tx, c); err == nil {
			t.Errorf("recorded %s", what)
		}
	}
	// The transaction must still be usable: nothing was sent to the database.
	if err := r.RecordSQL(t.Context(), tx, h.Change); err != nil {
		t.Errorf("record after refusals: %v", err)
	}
}

func checkChangesNothing(t testing.TB, h PluginHarness) {
	c, ok := h.Plugin.(integration.Connector)
	if !ok {
		t.Log("no Connector")
		return
	}
	good, err := c.Check(t.Context(), h.ClientID, h.Good)
	if err != nil || !good.OK || len(good.Items) == 0 {
		t.Errorf("check of good settings: %+v, %v", good, err)
	}
	bad, err := c.Check(t.Context(), h.ClientID, h.Bad)
	if err != nil {
		t.Errorf("a refusal is an item of the report, not an error: %v", err)
	}
	if bad.OK {
		t.Errorf("check of bad settings is OK: %+v", bad)
	}
	for _, it := range bad.Items {
		if it.State == "failed" && it.Fix == "" {
			t.Errorf("the failed item %q does not say what to do", it.Name)
		}
	}
	if st, ok := status(t, h, h.ClientID); ok && st.Connected {
		t.Error("a check connected the tenant")
	}
}

func prepareRefuses(t testing.TB, h PluginHarness) {
	c, ok := h.Plugin.(integration.Connector)
	if !ok {
		t.Log("no Connector")
		return
	}
	err := c.Prepare(t.Context(), h.ClientID, h.Bad)
	var fields integration.FieldErrors
	var e *integration.Error
	if !errors.As(err, &fields) && !errors.As(err, &e) {
		t.Errorf("prepare of bad settings: %v, want FieldErrors or *Error", err)
	}
}

func connectIsAtomic(t testing.TB, h PluginHarness) {
	c, ok := h.Plugin.(integration.Connector)
	if !ok {
		t.Log("no Connector")
		return
	}
	start(t, h)
	if err := c.Prepare(t.Context(), h.ClientID, h.Good); err != nil {
		t.Fatalf("prepare: %v", err)
	}
	tx, err := h.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Connect(t.Context(), tx, h.ClientID, h.Good), h.Save(t.Context(), tx, h.ClientID, h.Good), tx.Rollback()); err != nil {
		t.Fatal(err)
	}
	if st, ok := status(t, h, h.ClientID); ok && (st.Connected || st.Run != nil) {
		t.Errorf("a connection that was rolled back has left something: %+v", st)
	}
}

func connectedLife(t testing.TB, h PluginHarness) {
	c, ok := h.Plugin.(integration.Connector)
	if !ok {
		t.Log("no Connector")
		return
	}
	start(t, h)
	connect(t, h)
	if _, ok := h.Plugin.(integration.Reporter); ok {
		await(t, "the first sync", func() bool {
			st, _ := status(t, h, h.ClientID)
			return st.Connected && st.Members.InSync > 0 && st.Pending == 0
		})
	}
	for _, paused := range []bool{true, true, false} {
		inTx(t, h, func(tx *sql.Tx) error { return c.SetPaused(t.Context(), tx, h.ClientID, paused) })
		if st, ok := status(t, h, h.ClientID); ok && st.Paused != paused {
			t.Errorf("paused = %v after SetPaused(%v)", st.Paused, paused)
		}
	}
	inTx(t, h, func(tx *sql.Tx) error { return c.Recheck(t.Context(), tx, h.ClientID) })
	inTx(t, h, func(tx *sql.Tx) error { return c.Disconnect(t.Context(), tx, h.ClientID) })
	if st, ok := status(t, h, h.ClientID); ok && (st.Connected || st.Health != integration.HealthOff) {
		t.Errorf("status after a disconnection: %+v", st)
	}
	tx, err := h.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := c.Disconnect(t.Context(), tx, h.ClientID); !errors.Is(err, integration.ErrNotConnected) {
		t.Errorf("disconnecting twice: %v, want ErrNotConnected", err)
	}
	if r, ok := h.Plugin.(integration.Runner); ok {
		if _, err := r.Sync(t.Context(), h.ClientID); !errors.Is(err, integration.ErrNotConnected) {
			t.Errorf("full sync without a connection: %v, want ErrNotConnected", err)
		}
	}
}

func tenantsAreApart(t testing.TB, h PluginHarness) {
	l, ok := h.Plugin.(integration.SyncLogger)
	if !ok {
		t.Log("no SyncLogger")
		return
	}
	start(t, h)
	before, _ := status(t, h, h.OtherClientID)
	connect(t, h)
	var page integration.SyncPage
	await(t, "a sync record", func() bool {
		var err error
		page, err = l.SyncLog(t.Context(), h.ClientID, integration.SyncQuery{})
		return err == nil && len(page.Records) > 0
	})
	after, _ := status(t, h, h.OtherClientID)
	if !reflect.DeepEqual(before, after) {
		t.Errorf("the other tenant's status changed from %+v to %+v", before, after)
	}
	own := page.Records[0]
	if own.ClientID != h.ClientID || own.IdempotencyKey == "" || own.CRMSystem != h.Plugin.Spec().ID {
		t.Errorf("record = %+v", own)
	}
	if _, _, err := l.SyncRecord(t.Context(), h.ClientID, own.ID); err != nil {
		t.Errorf("own record: %v", err)
	}
	for _, id := range []string{own.ID, "99999999-9999-4999-8999-999999999999", "nonsense"} {
		if _, _, err := l.SyncRecord(t.Context(), h.OtherClientID, id); !errors.Is(err, integration.ErrNotFound) {
			t.Errorf("record %s for the other tenant: %v, want ErrNotFound", id, err)
		}
		if err := l.Retry(t.Context(), h.OtherClientID, id); !errors.Is(err, integration.ErrNotFound) {
			t.Errorf("retry of %s for the other tenant: %v, want ErrNotFound", id, err)
		}
	}
	foreign, err := l.SyncLog(t.Context(), h.OtherClientID, integration.SyncQuery{Search: own.MemberPulseEntityID})
	if err != nil || foreign.Total != 0 {
		t.Errorf("the other tenant's log has %d records, %v", foreign.Total, err)
	}
}

func secretsStayInside(t testing.TB, h PluginHarness) {
	start(t, h)
	connect(t, h)
	var told []any
	if st, ok := status(t, h, h.ClientID); ok {
		told = append(told, st)
	}
	if l, ok := h.Plugin.(integration.SyncLogger); ok {
		page, err := l.SyncLog(t.Context(), h.ClientID, integration.SyncQuery{})
		told = append(told, page, err)
	}
	if c, ok := h.Plugin.(integration.Connector); ok {
		for _, s := range []integration.Settings{h.Good, h.Bad} {
			report, err := c.Check(t.Context(), h.OtherClientID, s)
			told = append(told, report)
			if err != nil {
				told = append(told, err.Error())
			}
			if err := c.Prepare(t.Context(), h.OtherClientID, s); err != nil {
				told = append(told, err.Error())
			}
		}
	}
	for _, v := range told {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []integration.Settings{h.Good, h.Bad} {
			for key, secret := range s.Secrets() {
				if strings.Contains(string(text), secret.Reveal()) {
					t.Errorf("the secret %s is told", key)
				}
			}
		}
	}
}

func start(t testing.TB, h PluginHarness) {
	t.Helper()
	if err := h.Plugin.Start(t.Context()); err != nil {
		t.Fatalf("start: %v", err)
	}
}

func connect(t testing.TB, h PluginHarness) {
	t.Helper()
	c, ok := h.Plugin.(integration.Connector)
	if !ok {
		t.Fatal("this plugin cannot be connected")
	}
	if err := c.Prepare(t.Context(), h.ClientID, h.Good); err != nil {
		t.Fatalf("prepare: %v", err)
	}
	inTx(t, h, func(tx *sql.Tx) error {
		return errors.Join(c.Connect(t.Context(), tx, h.ClientID, h.Good), h.Save(t.Context(), tx, h.ClientID, h.Good))
	})
}

func inTx(t testing.TB, h PluginHarness, do func(*sql.Tx) error) {
	t.Helper()
	tx, err := h.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := do(tx); err != nil {
		t.Fatal(errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func status(t testing.TB, h PluginHarness, clientID string) (integration.Status, bool) {
	t.Helper()
	r, ok := h.Plugin.(integration.Reporter)
	if !ok {
		return integration.Status{}, false
	}
	st, err := r.Status(t.Context(), clientID)
	if err != nil {
		t.Fatalf("status: %v", err)
	}
	if m := st.Members; m.Total != m.InSync+m.NotIncluded+m.NeedsAttention+m.Waiting {
		t.Errorf("the members of the status do not add up: %+v", m)
	}
	if st.Sentence == "" {
		t.Error("the status has no sentence")
	}
	return st, true
}

func await(t testing.TB, what string, cond func() bool) {
	t.Helper()
	deadline := time.After(60 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
