package hubspot_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// withGroups defines the multi-checkbox property that lists follow.
func (b bench) withGroups(t *testing.T) {
	t.Helper()
	_, err := b.client.CreateProperty(t.Context(), hubspot.Contacts, hubspot.Property{
		Name: "memberpulse_groups", Label: "Groups", Type: "enumeration", FieldType: "checkbox", GroupName: "contactinformation",
		Options: []hubspot.Option{{Label: "Board", Value: "board"}, {Label: "Choir", Value: "choir", DisplayOrder: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func boards(values ...string) *hubspot.AnyOf {
	return &hubspot.AnyOf{Property: "memberpulse_groups", Values: values}
}

func TestDynamicListThroughTheClient(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{SearchLag: -1}, version)
		b.withGroups(t)
		ctx, c := t.Context(), b.client
		ada := b.portal.PutContact(map[string]string{"email": "ada@example.org", "memberpulse_groups": "board;choir"}).ID
		b.portal.PutContact(map[string]string{"email": "bea@example.org", "memberpulse_groups": "choir"})
		made, err := c.CreateList(ctx, hubspot.NewList{Name: "Board / all", ObjectType: hubspot.Contacts, Type: hubspot.DynamicList, Filter: boards("board")})
		if err != nil || made.ID == "" || made.Type != hubspot.DynamicList || made.ObjectTypeID != "0-1" || made.CreatedAt.IsZero() {
			t.Fatalf("%+v, error %v", made, err)
		}
		if got := b.portal.ListMembers(made.ID); !slices.Equal(got, []string{ada}) {
			t.Errorf("members %v", got)
		}
		for _, read := range []func() (hubspot.List, error){
			func() (hubspot.List, error) { return c.List(ctx, made.ID) },
			func() (hubspot.List, error) { return c.ListByName(ctx, hubspot.Contacts, "BOARD / ALL") },
		} {
			l, err := read()
			if err != nil || l.ID != made.ID || l.Name != "Board / all" || l.Size != 1 || l.Status != "COMPLETE" {
				t.Fatalf("%+v, error %v", l, err)
			}
			if !boards("board").Matches(l.Filter) || boards("choir").Matches(l.Filter) {
				t.Errorf("filter %s", l.Filter)
			}
		}
		_, err = c.CreateList(ctx, manualList("board / ALL"))
		if e := wantError(t, err); !hubspot.IsConflict(err) || hubspot.IsValidation(err) || hubspot.IsListLimit(err) || e.Message != "a list of that name exists in the portal" {
			t.Errorf("name taken: %+v", e)
		}
		if in, err := c.ListsOf(ctx, hubspot.Contacts, ada); err != nil || !slices.Equal(in, []string{made.ID}) {
			t.Errorf("%v, error %v", in, err)
		}
		if _, err := c.ListsOf(ctx, hubspot.Contacts, "7"); !hubspot.IsNotFound(err) {
			t.Errorf("lists of nobody: %v", err)
		}
		// Whoever comes in by a new filter is in, and no workflow starts for it.
		b.portal.PutWorkflow("welcome", hubspottest.Trigger{List: made.ID}, true)
		if err := c.RefilterList(ctx, made.ID, *boards("choir")); err != nil {
			t.Fatal(err)
		}
		if got := b.portal.ListMembers(made.ID); len(got) != 2 || len(b.portal.Enrolments("welcome")) != 0 {
			t.Errorf("members %v, enrolments %v", got, b.portal.Enrolments("welcome"))
		}
		b.portal.DeleteList(made.ID)
		if _, err := c.List(ctx, made.ID); !hubspot.IsNotFound(err) {
			t.Errorf("deleted: %v", err)
		}
		if _, err := c.ListByName(ctx, hubspot.Contacts, "Board / all"); !hubspot.IsNotFound(err) {
			t.Errorf("deleted: %v", err)
		}
		if err := c.RestoreList(ctx, made.ID); err != nil {
			t.Error(err)
		}
		if l, err := c.List(ctx, made.ID); err != nil || l.ID != made.ID {
			t.Errorf("%+v, error %v", l, err)
		}
		if err := c.RestoreList(ctx, "77"); !hubspot.IsNotFound(err) {
			t.Errorf("%v", err)
		}
	})
}

// A creation whose reply is lost is not repeated, and says that it may have happened.
func TestListCreationIsNotRepeated(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.sim.Inject(hubspottest.Fault{PathContains: "/crm/lists", Times: 1, LoseReply: true})
	_, err := b.client.CreateList(t.Context(), manualList("One"))
	if !hubspot.OutcomeUnknown(err) || b.calls("/crm/lists") != 1 {
		t.Errorf("%v after %d calls", err, b.calls("/crm/lists"))
	}
	if l, err := b.client.ListByName(t.Context(), hubspot.Contacts, "One"); err != nil || l.Filter != nil || l.Type != hubspot.ManualList {
		t.Errorf("%+v, error %v", l, err)
	}
}

func TestListInputsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ctx, c := t.Context(), b.client
	for name, l := range map[string]hubspot.NewList{
		"no name":           manualList(""),
		"no type":           {Name: "x", ObjectType: hubspot.Contacts},
		"dynamic, unfilled": {Name: "x", ObjectType: hubspot.Contacts, Type: hubspot.DynamicList},
		"manual, filtered":  {Name: "x", ObjectType: hubspot.Contacts, Type: hubspot.ManualList, Filter: boards("a")},
		"no values":         {Name: "x", ObjectType: hubspot.Contacts, Type: hubspot.DynamicList, Filter: boards()},
		"empty value":       {Name: "x", ObjectType: hubspot.Contacts, Type: hubspot.DynamicList, Filter: boards("")},
		"folder":            {Name: "x", ObjectType: hubspot.Contacts, Type: hubspot.ManualList, FolderID: "x"},
		"object type":       {Name: "x", ObjectType: "a/b", Type: hubspot.ManualList},
	} {
		if _, err := c.CreateList(ctx, l); !errors.Is(err, hubspot.ErrInvalidInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, one := c.List(ctx, "../1")
	_, two := c.ListByName(ctx, hubspot.Contacts, "..")
	_, three := c.ListsOf(ctx, hubspot.Contacts, "a@example.org")
	for _, err := range []error{one, two, three, c.RestoreList(ctx, ""), c.RefilterList(ctx, "1", hubspot.AnyOf{})} {
		if !errors.Is(err, hubspot.ErrInvalidInput) {
			t.Error(err)
		}
	}
	if n := len(b.sim.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestListRepliesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, body := range []string{``, `{}`, `{"list":{}}`, `{"list":{"listId":"a"}}`, `{"results":[{"listId":""}]}`, `[]`} {
		c := answering(t, http.StatusOK, "application/json", body)
		_, create := c.CreateList(t.Context(), manualList("One"))
		if e := wantError(t, create); e.Code != hubspot.CodeUnreadable || e.Outcome != hubspot.Unknown {
			t.Errorf("%s: %+v", body, e)
		}
		_, read := c.List(t.Context(), "1")
		_, of := c.ListsOf(t.Context(), hubspot.Contacts, "1")
		for _, err := range []error{read, of} {
			if e := wantError(t, err); e.Code != hubspot.CodeUnreadable || e.Outcome != hubspot.Known {
				t.Errorf("%s: %+v", body, e)
			}
		}
	}
	// A number for an id, and the recorded shape of a read.
	c := answering(t, http.StatusOK, "application/json", `{"list":{"listId":8,"listVersion":1,"createdAt":"2024-05-13T19:44:45.137Z",
		"processingStatus":"COMPLETE","processingType":"DYNAMIC","objectTypeId":"0-1","name":"active","size":5,"filterBranch":null}}`)
	l, err := c.List(t.Context(), "8")
	if err != nil || l.ID != "8" || l.Size != 5 || l.Filter != nil || !l.CreatedAt.Equal(time.Date(2024, 5, 13, 19, 44, 45, 137e6, time.UTC)) {
		t.Errorf("%+v, error %v", l, err)
	}
}
