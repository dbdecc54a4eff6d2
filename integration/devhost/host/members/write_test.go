package members_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

func TestWritesAreRecordedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.add(t, b.one, "ada@example.org")
	if p.Status != integration.MemberActive || p.RegisteredAt.IsZero() {
		t.Errorf("a new member is %q, registered %v; want active and now", p.Status, p.RegisteredAt)
	}
	p, err := b.mod.Update(t.Context(), b.one, p.ID, members.Patch{"lastName": " Lovelace ", "mobile": "1"})
	if err != nil {
		t.Fatal(err)
	}
	if p.LastName != "Lovelace" || p.Email != "ada@example.org" {
		t.Errorf("after the patch: %q <%s>, want the new name and the old address", p.LastName, p.Email)
	}
	if _, err := b.mod.Update(t.Context(), b.one, p.ID, members.Patch{"lastName": "Lovelace"}); err != nil {
		t.Fatal(err)
	}
	if n := b.recorded(t)[p.ID]; n != 2 {
		t.Errorf("recorded %d times, want 2: create and update, not the patch that changed nothing", n)
	}
	if p, err = b.mod.Update(t.Context(), b.one, p.ID, members.Patch{"mobile": ""}); err != nil || p.Mobile != "" {
		t.Errorf("clearing: %q, %v", p.Mobile, err)
	}
}

func TestNothingIsHalfApplied(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.add(t, b.one, "ada@example.org")
	b.Recorder.Refuse(true)
	end := "2030-01-01"
	writes := map[string]func() error{
		"create": func() error {
			_, err := b.mod.Create(t.Context(), b.one, members.Patch{"firstName": "X", "lastName": "Y"}, nil)
			return err
		},
		"update": func() error {
			_, err := b.mod.Update(t.Context(), b.one, p.ID, members.Patch{"firstName": "X"})
			return err
		},
		"delete": func() error { return b.mod.Delete(t.Context(), b.one, p.ID) },
		"membership": func() error {
			_, err := b.mod.SetMembership(t.Context(), b.one, p.ID, members.MembershipPatch{Plan: "Standard", Status: "active", EndDate: &end})
			return err
		},
		"bulk": func() error {
			_, err := b.mod.ChangeMany(t.Context(), b.one, members.Bulk{Members: 1})
			return err
		},
	}
	for name, write := range writes {
		if err := write(); !errors.Is(err, hosttest.ErrRecorder) {
			t.Errorf("%s: got %v, want the recorder's error", name, err)
		}
	}
	page, err := b.mod.List(t.Context(), b.one, members.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if page.Total != 1 || page.Members[0].FirstName != "Ada" || page.Members[0].Position != "" || len(page.Members[0].Memberships) != 0 {
		t.Errorf("a write without its record left something: %+v", page)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.add(t, b.one, "Ada@example.org")
	other := b.add(t, b.one, "")
	b.add(t, b.one, "") // two members without an address are fine
	b.add(t, b.two, "ada@example.org")
	for name, c := range map[string]struct {
		patch  members.Patch
		status int
		field  string
	}{
		"unknown field":   {members.Patch{"nickname": "x"}, 422, "nickname"},
		"unknown status":  {members.Patch{"status": "happy"}, 422, "status"},
		"no first name":   {members.Patch{"firstName": "  "}, 422, "firstName"},
		"not an address":  {members.Patch{"email": "ada"}, 422, "email"},
		"two at signs":    {members.Patch{"email": "a@b@c"}, 422, "email"},
		"control letters": {members.Patch{"city": "a\x00b"}, 422, "city"},
		"broken UTF-8":    {members.Patch{"city": "a\xffb"}, 422, "city"},
		"too long":        {members.Patch{"company": strings.Repeat("é", 201)}, 422, "company"},
		"not a link":      {members.Patch{"websiteUrl": "javascript:alert(1)"}, 422, "websiteUrl"},
		"address taken":   {members.Patch{"email": "ADA@example.org"}, 409, "email"},
	} {
		_, err := b.mod.Update(t.Context(), b.one, other.ID, c.patch)
		t.Run(name, func(t *testing.T) { wantProblem(t, err, c.status, c.field) })
	}
	if n := b.recorded(t)[other.ID]; n != 1 {
		t.Errorf("refused patches were recorded: %d records, want 1", n)
	}
	_, err := b.mod.Update(t.Context(), b.two, p.ID, members.Patch{"firstName": "X"})
	wantProblem(t, err, 404, "")
	wantProblem(t, b.mod.Delete(t.Context(), b.two, p.ID), 404, "")
	wantProblem(t, b.mod.Delete(t.Context(), b.one, "no-uuid"), 404, "")
}

func TestDelete(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.add(t, b.one, "ada@example.org")
	set := func(status string) {
		t.Helper()
		if _, err := b.mod.SetMembership(t.Context(), b.one, p.ID, members.MembershipPatch{Plan: "Standard", Status: status}); err != nil {
			t.Fatal(err)
		}
	}
	for _, status := range []string{"active", "expiring"} {
		set(status)
		wantProblem(t, b.mod.Delete(t.Context(), b.one, p.ID), 409, "")
	}
	set("cancelled")
	if err := b.mod.Delete(t.Context(), b.one, p.ID); err != nil {
		t.Fatal(err)
	}
	_, err := b.mod.Get(t.Context(), b.one, p.ID)
	wantProblem(t, err, 404, "")
	wantProblem(t, b.mod.Delete(t.Context(), b.one, p.ID), 404, "")
	b.add(t, b.one, "ada@example.org") // the address is free again
}

func TestWritersOfOneMemberFollowEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.add(t, b.one, "ada@example.org")
	var wg sync.WaitGroup
	for _, patch := range []members.Patch{{"city": "Perth"}, {"company": "Acme"}, {"position": "Chair"}, {"mobile": "7"}} {
		wg.Go(func() {
			if _, err := b.mod.Update(t.Context(), b.one, p.ID, patch); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := b.mod.Get(t.Context(), b.one, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.City != "Perth" || got.Company != "Acme" || got.Position != "Chair" || got.Mobile != "7" {
		t.Errorf("a writer overwrote another one's field: %+v", got)
	}
}
