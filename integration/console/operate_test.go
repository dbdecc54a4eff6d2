package console_test

import (
	"errors"
	"testing"
)

func TestPauseResumeRecheck(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"pause", "resume", "recheck"} {
		if p := wantProblem(t, b.ask("admin", "POST", "/api/integrations/acme/"+path, ""), 409); p.Title != "Acme CRM is not connected." {
			t.Errorf("%s: %q", path, p.Title)
		}
	}
	b.connected()
	if doc := decode(t, b.ask("admin", "POST", "/api/integrations/acme/pause", "")); doc["paused"] != true {
		t.Errorf("%v", doc)
	}
	if doc := decode(t, b.ask("admin", "POST", "/api/integrations/acme/resume", "")); doc["paused"] != false {
		t.Errorf("%v", doc)
	}
	decode(t, b.ask("admin", "POST", "/api/integrations/acme/recheck", ""))
	if b.vendor.rechecks != 1 {
		t.Errorf("rechecked %d times", b.vendor.rechecks)
	}
	b.journal.down = errors.New("no room")
	wantProblem(t, b.ask("admin", "POST", "/api/integrations/acme/pause", ""), 503)
	if b.vendor.pausedOf()[tenantA] {
		t.Error("paused without an audit record")
	}
}

func TestWhatIsDoneButNotRecordedSaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.journal.down = errors.New("no room")
	for _, path := range []string{"sync", "retry", "sync-log/" + oursID + "/retry"} {
		p := wantProblem(t, b.ask("admin", "POST", "/api/integrations/acme/"+path, ""), 503)
		mustContain(t, p.Detail, "was begun")
		mustContain(t, p.Fix, "before you ask for it again")
	}
	mustContain(t, b.logs.String(), "done but not in the audit log")
	mustNotContain(t, b.logs.String(), goodKey)
}
