package console_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

const (
	tagsPath    = "/api/integrations/acme/tags"
	confirmPath = tagsPath + "/confirm"
	memberPath  = "/api/integrations/acme/members/" + oursID + "/tags"
	handPath    = memberPath + "/event-attended"
	byHand      = `{"applied":true,"cause":" came late "}`
)

func TestGetTags(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	doc := decode(t, b.ask("user", "GET", tagsPath, ""))
	gate := doc["gate"].(map[string]any)
	if doc["on"] != true || len(doc["tags"].([]any)) != 3 || gate["members"] != 412.0 || gate["gains"].(map[string]any)["membership-active"] != 412.0 {
		t.Errorf("%v", doc)
	}
	mustContain(t, b.ask("adminB", "GET", tagsPath, "").Body.String(), `"tags":[]`, `"gains":{}`, `"history":{}`)
	b.vendor.boardErr = integration.ErrNotConnected
	wantProblem(t, b.ask("user", "GET", tagsPath, ""), 409)
}

func TestConfirmTags(t *testing.T) {
	t.Parallel()
	for body, history := range map[string]bool{"": false, `{}`: false, `{"history":false}`: false, `{"history":true}`: true} {
		b := setup(t).connected()
		doc := decode(t, b.ask("admin", "POST", confirmPath, body))
		if got := b.vendor.confirmations(); doc["gate"].(map[string]any)["open"] != true || fmt.Sprint(got) != fmt.Sprint([]bool{history}) {
			t.Errorf("%s: %v, %v", body, got, doc)
		}
		if r := b.journal.all()[1]; r.Action != "update" || !strings.HasPrefix(r.Changes["tags"].New, "confirmed") || strings.Contains(r.Changes["tags"].New, "ended") != history {
			t.Errorf("%s: %+v", body, r)
		}
	}
	for body, status := range map[string]int{`{"history":"yes"}`: 422, `{"history":null}`: 422, `{"history":1}`: 422, `{"past":true}`: 422, `[]`: 400} {
		b := setup(t).connected()
		wantProblem(t, b.ask("admin", "POST", confirmPath, body), status)
		if len(b.vendor.confirmations()) != 0 {
			t.Errorf("%s was a confirmation", body)
		}
	}
	// Before everybody has been looked at there is nothing to confirm.
	b := setup(t).connected()
	board := acmeBoard()
	board.Gate.Ready = false
	b.vendor.boards[tenantA] = board
	if p := wantProblem(t, b.ask("admin", "POST", confirmPath, ""), 409); p.Title != "Not everybody has been looked at." {
		t.Errorf("%+v", p)
	}
	b.vendor.boards[tenantA] = acmeBoard()
	b.journal.down = errors.New("boom")
	wantProblem(t, b.ask("admin", "POST", confirmPath, ""), 503)
	if len(b.vendor.confirmations()) != 0 {
		t.Error("confirmed without an audit record")
	}
}

func TestGetMemberTags(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	doc := decode(t, b.ask("impersonator", "GET", memberPath, ""))
	tags := doc["tags"].([]any)
	if doc["memberId"] != oursID || len(tags) != 2 || tags[0].(map[string]any)["cause"] != "renewed <early>" || tags[1].(map[string]any)["byHand"] != true {
		t.Errorf("%v", doc)
	}
	b.vendor.member[oursID] = nil
	mustContain(t, b.ask("admin", "GET", memberPath, "").Body.String(), `"tags":[]`)
}

func TestTagsOfForeignMembersAreAsOfUnknownOnes(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for _, rt := range []struct{ who, method, path, body string }{
		{"admin", "GET", "/api/integrations/acme/members/%s/tags", ""},
		{"admin", "PUT", "/api/integrations/acme/members/%s/tags/event-attended", byHand},
		{"adminB", "GET", "/api/integrations/acme/members/%s/tags", ""},
		{"adminB", "PUT", "/api/integrations/acme/members/%s/tags/event-attended", byHand},
	} {
		first := ""
		for _, id := range []string{oursID, noSuchID, "nonsense", "%27%3B"} {
			if rt.who == "admin" && id == oursID {
				continue
			}
			w := b.ask(rt.who, rt.method, fmt.Sprintf(rt.path, id), rt.body)
			wantProblem(t, w, 404)
			if first == "" {
				first = w.Body.String()
			}
			if w.Body.String() != first {
				t.Errorf("%s %s: %s", rt.method, id, w.Body)
			}
		}
	}
	if len(b.vendor.byHand()) != 0 {
		t.Error("a tag was set")
	}
}

func TestATagByHand(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.clock.add(time.Minute)
	if doc := decode(t, b.ask("admin", "PUT", handPath, byHand)); doc["tag"] != "event-attended" || doc["applied"] != true || doc["memberId"] != oursID {
		t.Errorf("%v", doc)
	}
	want := integration.TagChange{MemberID: oursID, Tag: "event-attended", Applied: true, Cause: "came late", By: "user-7", OccurredAt: noon.Add(time.Minute)}
	if got := b.vendor.byHand(); len(got) != 1 || got[0] != want {
		t.Errorf("%+v", got)
	}
	decode(t, b.ask("admin", "PUT", memberPath+"/course-completed", `{"applied":false,"cause":"a mistake"}`))
	all := b.journal.all()
	if c := all[1].Changes; all[1].Action != "update" || all[1].ActorID != "user-7" || c["member"].New != oursID || c["tag.event-attended"] != (integration.AuditChange{Old: "applied", New: "applied"}) || c["cause"].New != "came late" {
		t.Errorf("%+v", all[1])
	}
	if c := all[2].Changes; c["tag.course-completed"] != (integration.AuditChange{Old: "removed", New: "removed"}) {
		t.Errorf("%+v", all[2])
	}
}

func TestATagByHandIsReadStrictly(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for body, key := range map[string]string{
		"": "applied", `{"cause":"x"}`: "applied", `{"applied":"true","cause":"x"}`: "applied", `{"applied":null,"cause":"x"}`: "applied",
		`{"applied":true}`: "cause", `{"applied":true,"cause":"  "}`: "cause", `{"applied":true,"cause":null}`: "cause", `{"applied":true,"cause":7}`: "cause",
		`{"applied":true,"cause":"` + strings.Repeat("ä", 201) + `"}`: "cause", `{"applied":true,"cause":"a\u0007b"}`: "cause",
		`{"applied":true,"cause":"x","occurredAt":"2030-01-01T00:00:00Z"}`: "occurredAt", `{"applied":true,"cause":"x","by":"user-1"}`: "by",
	} {
		if p := wantProblem(t, b.ask("admin", "PUT", handPath, body), 422); len(p.Errors[key]) == 0 {
			t.Errorf("%s: %v", body, p.Errors)
		}
	}
	if p := wantProblem(t, b.ask("admin", "PUT", memberPath+"/no-such-tag", byHand), 422); len(p.Errors["tag"]) == 0 {
		t.Errorf("%v", p.Errors)
	}
	wantProblem(t, b.ask("admin", "PUT", memberPath+"/No%20Tag", byHand), 404)
	wantProblem(t, b.ask("admin", "PUT", handPath, `{"applied":true,"applied":false,"cause":"x"}`), 400)
	b.journal.down = errors.New("boom")
	wantProblem(t, b.ask("admin", "PUT", handPath, byHand), 503)
	if len(b.vendor.byHand()) != 0 {
		t.Errorf("%+v", b.vendor.byHand())
	}
	b.journal.down = nil
	decode(t, b.ask("admin", "PUT", handPath, `{"applied":true,"cause":"`+strings.Repeat("ä", 200)+`"}`))
}
