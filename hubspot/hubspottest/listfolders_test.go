package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestFolders(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"/crm/v3/lists", "/crm/lists/2026-03", "/crm/lists/2026-09"} {
		b := setup(t, hubspottest.Options{})
		ours := b.call("POST", root+"/folders", input{"name": "Ours"}).want(200).wantText("0", "folder", "parentFolderId").text("folder", "id")
		below := b.call("POST", root+"/folders", input{"name": "Below", "parentFolderId": ours}).want(200).text("folder", "id")
		b.call("POST", root+"/folders", input{"name": "Lost", "parentFolderId": "99"}).want(404)
		in := newList("Board", "MANUAL", nil)
		in["listFolderId"] = 99
		b.call("POST", root, in).want(404)
		in["listFolderId"] = ident(below)
		list := b.call("POST", root, in).want(200).text("list", "listId")
		a := b.call("GET", root+"/folders", nil).want(200).wantText("Ours", "folder", "childNodes", 0, "name")
		a.wantText("Below", "folder", "childNodes", 0, "childNodes", 0, "name")
		if a.count("folder", "childNodes", 0, "childNodes", 0, "childLists") != 0 {
			t.Fatalf("child nodes name no lists: %s", a.raw)
		}
		if a = b.call("GET", root+"/folders?folderId="+below, nil).want(200); a.at("folder", "childLists", 0) != float64(ident(list)) {
			t.Fatalf("%s", a.raw)
		}
		b.call("PUT", root+"/folders/move-list", input{"listId": list, "newFolderId": "0"}).want(204)
		if l := b.portal.Lists(); l[0].Folder != "0" {
			t.Fatalf("%+v", l)
		}
		b.call("PUT", root+"/folders/move-list", input{"listId": list, "newFolderId": "99"}).want(404)
		b.call("PUT", root+"/folders/"+ours+"/move/"+below, nil).want(400)
		b.call("PUT", root+"/folders/"+below+"/move/0", nil).want(200).wantText("0", "folder", "parentFolderId")
		b.call("PUT", root+"/folders/"+below+"/rename?newFolderName=Beside", nil).want(200).wantText("Beside", "folder", "name")
		b.call("GET", root+"/folders?folderId=99", nil).want(404)
	}
}

func ident(id string) int {
	n := 0
	for _, r := range id {
		n = 10*n + int(r-'0')
	}
	return n
}
