package hubspot_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestListFolders(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		ctx, c := t.Context(), b.client
		ours, err := c.CreateListFolder(ctx, "Ours", hubspot.RootFolder)
		if err != nil || ours.Name != "Ours" || ours.ParentID != hubspot.RootFolder {
			t.Fatalf("%+v, error %v", ours, err)
		}
		in := manualList("Board")
		in.FolderID = ours.ID
		l, err := c.CreateList(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		if f, err := c.ListFolder(ctx, ours.ID); err != nil || !slices.Equal(f.ListIDs, []string{l.ID}) {
			t.Errorf("%+v, error %v", f, err)
		}
		if err := c.MoveList(ctx, l.ID, hubspot.RootFolder); err != nil {
			t.Error(err)
		}
		root, err := c.ListFolder(ctx, "")
		if err != nil || root.ID != hubspot.RootFolder || !slices.Equal(root.ListIDs, []string{l.ID}) || len(root.Folders) != 1 || root.Folders[0].ID != ours.ID {
			t.Errorf("%+v, error %v", root, err)
		}
		if _, err := c.ListFolder(ctx, "77"); !hubspot.IsNotFound(err) {
			t.Error(err)
		}
		if err := c.MoveList(ctx, l.ID, "77"); !hubspot.IsNotFound(err) {
			t.Error(err)
		}
		_, one := c.ListFolder(ctx, "x")
		_, two := c.CreateListFolder(ctx, "", hubspot.RootFolder)
		for _, err := range []error{one, two, c.MoveList(ctx, l.ID, "")} {
			if !errors.Is(err, hubspot.ErrInvalidInput) {
				t.Error(err)
			}
		}
	})
	_, err := answering(t, http.StatusOK, "application/json", `{"folder":{}}`).ListFolder(t.Context(), "")
	if e := wantError(t, err); e.Code != hubspot.CodeUnreadable {
		t.Errorf("%+v", e)
	}
}
