package tagging_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// The slugs are what customers build lists and workflows on: they never change.
func TestCatalogIsTheTenTags(t *testing.T) {
	t.Parallel()
	want := strings.Fields(`membership-active membership-expiring membership-expired membership-upgraded
		membership-downgrade-scheduled event-registered event-attended event-no-show course-enrolled course-completed`)
	var got, states []string
	var families []tagging.Family
	form := regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	for i, tag := range tagging.Catalog() {
		got = append(got, tag.Slug)
		if len(families) == 0 || families[len(families)-1] != tag.Family {
			families = append(families, tag.Family)
		}
		if tag.Order != i+1 || !form.MatchString(tag.Slug) || !strings.HasPrefix(tag.Slug, string(tag.Family)+"-") || tag.Label == "" {
			t.Errorf("entry %d is %+v", i, tag)
		}
		if !strings.HasSuffix(tag.Meaning, ".") || strings.Count(tag.Meaning, ".") != 1 {
			t.Errorf("%s: %q is not one sentence", tag.Slug, tag.Meaning)
		}
		if found, ok := tagging.Find(tag.Slug); !ok || found != tag {
			t.Errorf("Find(%s) = %+v, %v", tag.Slug, found, ok)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the catalog is %v", got)
	}
	if !slices.Equal(families, tagging.Families()) {
		t.Errorf("families in order are %v, Families says %v", families, tagging.Families())
	}
	for _, s := range tagging.Compute(integration.Member{}, nil) {
		states = append(states, s.Tag)
	}
	if !slices.Equal(states, want) {
		t.Errorf("Compute's order is %v", states)
	}
}

func TestCatalogCannotBeChanged(t *testing.T) {
	t.Parallel()
	tagging.Catalog()[0].Slug = "mine"
	if _, ok := tagging.Find("mine"); ok || tagging.Catalog()[0].Slug != tagging.MembershipActive {
		t.Error("a caller has written into the catalog")
	}
	for _, slug := range []string{"", "vip", "Membership-Active", "membership-active ", "membership_active"} {
		if tag, ok := tagging.Find(slug); ok {
			t.Errorf("Find(%q) = %+v", slug, tag)
		}
	}
}
