package hubspot_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func renewed() hubspot.EventDefinition {
	return hubspot.EventDefinition{
		Name: "renewed", Label: "Renewed", Description: "A membership was renewed",
		Properties: []hubspot.EventProperty{
			{Name: "plan", Label: "Plan", Type: "string"},
			{Name: "kind", Label: "Kind", Type: "enumeration", Options: []hubspot.Option{{Label: "A", Value: "a"}}},
		},
	}
}

func enterprise(t *testing.T, opts hubspottest.Options) bench {
	t.Helper()
	srv := hubspottest.NewServer(t, opts, hubspottest.Portal{ID: testPortal, Token: testToken, Plan: "enterprise"})
	return bench{sim: srv.Simulator, portal: srv.Portal(testPortal), client: against(t, srv.ServeHTTP)}
}

func TestCustomEvents(t *testing.T) {
	t.Parallel()
	b := enterprise(t, hubspottest.Options{})
	ctx, c := t.Context(), b.client
	made, err := c.DefineEvent(ctx, renewed())
	if err != nil || made.FullName != "pe12345678_renewed" || made.Label != "Renewed" || made.ObjectType != hubspot.Contacts ||
		len(made.Properties) != 2 || made.Properties[1].Type != "enumeration" || len(made.Properties[1].Options) != 1 {
		t.Fatalf("%+v, error %v", made, err)
	}
	if _, err = c.DefineEvent(ctx, renewed()); !hubspot.IsConflict(err) {
		t.Errorf("the name again: %v", err)
	}
	for _, name := range []string{made.Name, made.FullName} {
		if read, err := c.EventDefinition(ctx, name); err != nil || read.FullName != made.FullName || read.Description != renewed().Description {
			t.Errorf("%+v, error %v", read, err)
		}
	}
	if _, err = c.EventDefinition(ctx, "other"); !hubspot.IsNotFound(err) {
		t.Error(err)
	}
	ada := b.portal.PutContact(map[string]string{"email": "ada@example.org"}).ID
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	events := []hubspot.Event{
		{Name: made.FullName, UUID: "1", ObjectID: ada, At: at, Properties: map[string]string{"plan": "gold"}},
		{Name: made.FullName, UUID: "2", ObjectID: ada, At: at},
	}
	// The reply to the first is lost; what is sent twice is there once.
	b.sim.Inject(hubspottest.Fault{PathContains: "/send/batch", Times: 1, LoseReply: true})
	if err := c.SendEvents(ctx, events); err != nil {
		t.Fatal(err)
	}
	if got := b.portal.Events(); len(got) != 2 || got[0].ObjectID != ada || got[0].Properties["plan"] != "gold" || !got[1].At.Equal(at) || b.calls("/send/batch") != 2 {
		t.Errorf("%+v", got)
	}
	// One that breaks a limit takes the others with it.
	events[0].UUID, events[1].UUID = "3", "4"
	events[1].Properties = map[string]string{"nope": "x"}
	if err := c.SendEvents(ctx, events); !hubspot.IsValidation(err) || len(b.portal.Events()) != 2 {
		t.Errorf("%v", err)
	}
}

func TestCustomEventsWithoutEnterprise(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	_, define := b.client.DefineEvent(t.Context(), renewed())
	for _, err := range []error{define, b.client.SendEvents(t.Context(), []hubspot.Event{{Name: "x", UUID: "1", ObjectID: "1", At: time.Unix(1, 0)}})} {
		if e := wantError(t, err); !hubspot.IsForbidden(err) || hubspot.IsMissingScopes(err) || e.Message != "the portal's plan or permissions do not allow this" {
			t.Errorf("%+v", e)
		}
	}
}

func TestEventInputsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	one := hubspot.Event{Name: "pe1_x", UUID: "1", ObjectID: "1", At: time.Unix(1, 0)}
	change := func(f func(*hubspot.Event)) []hubspot.Event {
		e := one
		f(&e)
		return []hubspot.Event{e}
	}
	wide := map[string]string{}
	for i := range hubspot.MaxEventProperties + 1 {
		wide[fmt.Sprint("p", i)] = "x"
	}
	for name, tc := range map[string]struct {
		in   []hubspot.Event
		want error
	}{
		"no name":         {change(func(e *hubspot.Event) { e.Name = "" }), hubspot.ErrInvalidInput},
		"no uuid":         {change(func(e *hubspot.Event) { e.UUID = "" }), hubspot.ErrInvalidInput},
		"no record":       {change(func(e *hubspot.Event) { e.ObjectID = "a@example.org" }), hubspot.ErrInvalidInput},
		"no time":         {change(func(e *hubspot.Event) { e.At = time.Time{} }), hubspot.ErrInvalidInput},
		"many properties": {change(func(e *hubspot.Event) { e.Properties = wide }), hubspot.ErrInvalidInput},
		"a uuid twice":    {[]hubspot.Event{one, one}, hubspot.ErrDuplicateInput},
		"many":            {make([]hubspot.Event, hubspot.MaxEvents+1), hubspot.ErrTooManyInputs},
		"none":            {nil, nil},
	} {
		if err := b.client.SendEvents(t.Context(), tc.in); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	bad := renewed()
	bad.ObjectType = hubspot.Notes
	_, define := b.client.DefineEvent(t.Context(), bad)
	_, read := b.client.EventDefinition(t.Context(), "")
	for _, err := range []error{define, read} {
		if !errors.Is(err, hubspot.ErrInvalidInput) {
			t.Error(err)
		}
	}
	if n := len(b.sim.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	for body, ok := range map[string]bool{``: true, `{"status":"COMPLETE","results":[]}`: true, `{"errors":[{"category":"X"}]}`: false, `x`: false} {
		c := answering(t, http.StatusOK, "application/json", body)
		if err := c.SendEvents(t.Context(), []hubspot.Event{one}); (err == nil) != ok || !ok && !hubspot.OutcomeUnknown(err) {
			t.Errorf("%s: %v", body, err)
		}
	}
	_, err := answering(t, http.StatusOK, "application/json", `{}`).EventDefinition(t.Context(), "x")
	if e := wantError(t, err); e.Code != hubspot.CodeUnreadable {
		t.Error(err)
	}
}
