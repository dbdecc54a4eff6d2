package hubspot_test

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func same(got, want hubspot.MemberResult) bool {
	return slices.Equal(got.Added, want.Added) && slices.Equal(got.Removed, want.Removed) &&
		slices.Equal(got.Missing, want.Missing) && slices.Equal(got.Unmentioned, want.Unmentioned) && got.Doubt == want.Doubt
}

func TestChangeMembers(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		ctx, c := t.Context(), b.client
		put := func(email string) string { return b.portal.PutContact(map[string]string{"email": email}).ID }
		ada, bea, cyd, dan := put("ada@example.org"), put("bea@example.org"), put("cyd@example.org"), put("dan@example.org")
		id := b.portal.PutList(hubspottest.List{Name: "Board", Members: []string{ada, bea}}).ID
		got, err := c.ChangeMembers(ctx, id, []string{"7", dan, cyd, bea}, []string{ada, "8"})
		want := hubspot.MemberResult{Added: []string{dan, cyd}, Removed: []string{ada}, Missing: []string{"7", "8"}, Unmentioned: []string{bea}}
		if err != nil || !same(got, want) {
			t.Fatalf("%+v, want %+v, error %v", got, want, err)
		}
		// A second time all of it is silence, and the list is as it was.
		got, err = c.ChangeMembers(ctx, id, []string{cyd}, []string{ada})
		if err != nil || !same(got, hubspot.MemberResult{Unmentioned: []string{cyd, ada}}) {
			t.Fatalf("%+v, error %v", got, err)
		}
		if members := b.portal.ListMembers(id); !slices.Equal(members, []string{bea, cyd, dan}) {
			t.Errorf("%v", members)
		}
		// Silence about a record that was forgotten looks alike; a read tells.
		b.sim.Inject(hubspottest.Fault{PathContains: "/memberships", Times: 1, Short: true})
		got, err = c.ChangeMembers(ctx, id, []string{ada, cyd}, nil)
		if err != nil || !same(got, hubspot.MemberResult{Unmentioned: []string{ada, cyd}}) {
			t.Fatalf("%+v, error %v", got, err)
		}
		for record, in := range map[string]bool{ada: false, cyd: true} {
			if lists, err := c.ListsOf(ctx, hubspot.Contacts, record); err != nil || slices.Contains(lists, id) != in {
				t.Errorf("%v, error %v", lists, err)
			}
		}
		b.sim.ResetRequests()
		if got, err = c.ChangeMembers(ctx, id, nil, nil); err != nil || !same(got, hubspot.MemberResult{}) || len(b.sim.Requests()) != 0 {
			t.Errorf("nothing to do: %+v, error %v", got, err)
		}
		if _, err = c.ChangeMembers(ctx, "77", []string{ada}, nil); !hubspot.IsNotFound(err) {
			t.Errorf("no list: %v", err)
		}
	})
}

func TestChangeMembersOfDynamicListIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.withGroups(t)
	l, err := b.client.CreateList(t.Context(), hubspot.NewList{Name: "Board", ObjectType: hubspot.Contacts, Type: hubspot.DynamicList, Filter: boards("board")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = b.client.ChangeMembers(t.Context(), l.ID, []string{"1"}, nil); !hubspot.IsValidation(err) {
		t.Errorf("%v", err)
	}
}

func TestChangeMembersIsRepeated(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		ada := b.portal.PutContact(map[string]string{"email": "ada@example.org"}).ID
		id := b.portal.PutList(hubspottest.List{Name: "Board"}).ID
		b.sim.Inject(hubspottest.Fault{PathContains: "/memberships", Times: 1, Commit: true, Status: http.StatusBadGateway})
		got, err := b.client.ChangeMembers(t.Context(), id, []string{ada}, nil)
		if err != nil || !same(got, hubspot.MemberResult{Unmentioned: []string{ada}, Doubt: true}) || !slices.Equal(b.portal.ListMembers(id), []string{ada}) {
			t.Errorf("%+v, error %v", got, err)
		}
	})
}

// An id that was merged into another is unmentioned, and its survivor is in the
// list all the same.
func TestChangeMembersOfMergedRecords(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ada := b.portal.PutContact(map[string]string{"email": "ada@example.org"}).ID
	bea := b.portal.PutContact(map[string]string{"email": "bea@example.org"}).ID
	id := b.portal.PutList(hubspottest.List{Name: "Board"}).ID
	survivor := b.portal.MergeContacts(ada, bea)
	got, err := b.client.ChangeMembers(t.Context(), id, []string{bea}, nil)
	if err != nil || !same(got, hubspot.MemberResult{Unmentioned: []string{bea}, Doubt: true}) || !slices.Equal(b.portal.ListMembers(id), []string{survivor}) {
		t.Errorf("%+v, error %v", got, err)
	}
}

func TestChangeMembersThatIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	many := make([]string, hubspot.MaxMembers)
	for i := range many {
		many[i] = strconv.Itoa(i + 1)
	}
	for _, tc := range []struct {
		list        string
		add, remove []string
		want        error
	}{
		{"", []string{"1"}, nil, hubspot.ErrInvalidInput},
		{"1", []string{"a@example.org"}, nil, hubspot.ErrInvalidInput},
		{"1", []string{"1", "1"}, nil, hubspot.ErrDuplicateInput},
		{"1", []string{"1"}, []string{"1"}, hubspot.ErrDuplicateInput},
		{"1", many, []string{"0"}, hubspot.ErrTooManyInputs},
	} {
		if _, err := b.client.ChangeMembers(t.Context(), tc.list, tc.add, tc.remove); !errors.Is(err, tc.want) {
			t.Errorf("%v, want %v", err, tc.want)
		}
	}
	if n := len(b.sim.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	c := answering(t, http.StatusOK, "application/json", `{}`)
	_, err := c.ChangeMembers(t.Context(), "1", []string{"1"}, nil)
	if e := wantError(t, err); e.Code != hubspot.CodeUnreadable || e.Outcome != hubspot.Unknown {
		t.Errorf("%+v", e)
	}
	// An id that is named as added and as missing is not a success.
	c = answering(t, http.StatusOK, "application/json", `{"recordsIdsAdded":["1"],"recordIdsMissing":["1"]}`)
	if got, err := c.ChangeMembers(t.Context(), "1", []string{"1"}, nil); err != nil || !same(got, hubspot.MemberResult{Missing: []string{"1"}}) {
		t.Errorf("%+v, error %v", got, err)
	}
}
