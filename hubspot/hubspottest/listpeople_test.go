package hubspottest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestListsByHand(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ada, bea := b.putContact("ada@example.org"), b.putContact("bea@example.org")
	one := b.portal.PutList(hubspottest.List{Name: "One", Members: []string{bea, ada}})
	two := b.portal.PutList(hubspottest.List{Name: "Two", ObjectType: "company"})
	if !slices.Equal(one.Members, []string{ada, bea}) || one.Type != "MANUAL" || two.ObjectType != "companies" {
		t.Fatalf("%+v, %+v", one, two)
	}
	b.portal.DeleteList(two.ID)
	if all := b.portal.Lists(); len(all) != 1 || all[0].Name != "One" || all[0].Folder != "0" {
		t.Fatalf("%+v", all)
	}
	b.token = ""
	a := b.call("GET", "/_sim/state?portal=4711", nil).want(200).wantText("One", "lists", 0, "name").wantText("MANUAL", "lists", 0, "processingType")
	if !slices.Equal(a.texts("lists", 0, "members"), []string{ada, bea}) || a.text("lists", 0, "folder") != "0" || a.text("lists", 0, "id") != one.ID {
		t.Fatalf("%s", a.raw)
	}
	for what, f := range map[string]func(){
		"refuses the list": func() { b.portal.PutList(hubspottest.List{Name: "ONE"}) },
		"filterBranch":     func() { b.portal.PutList(hubspottest.List{Name: "Bad", Type: "DYNAMIC", Filter: "nonsense"}) },
		"no list 99":       func() { b.portal.ListMembers("99") },
		"no live contact":  func() { b.portal.PutList(hubspottest.List{Name: "Three", Members: []string{"7"}}) },
	} {
		func() {
			defer func() {
				if v, _ := recover().(string); !strings.Contains(v, what) {
					t.Errorf("panic %q, want %q in it", v, what)
				}
			}()
			f()
		}()
	}
}
