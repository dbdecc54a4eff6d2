package hubspot_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestGrammars(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("A", 200)
	for name, g := range map[string]struct {
		word func(string) string
		yes  []string
		no   []string
	}{
		"code":        {hubspot.CodeWord, []string{"INVALID_EMAIL", "X2"}, []string{"", "invalid", "A-B", "2X", "A B", long, "É"}},
		"subcategory": {hubspot.SubCategory, []string{"Properties.NAME_EXISTS", "NAME_EXISTS", "a.b.C"}, []string{"", "Ann", "Ann.Smith", "a@b.C", "A.", long}},
		"property":    {hubspot.PropertyWord, []string{"email", "hs_object_id", "a1"}, []string{"", "Email", "a b", "a@b", "1a", "a-b", strings.ToLower(long)}},
		"scope":       {hubspot.ScopeWord, []string{"oauth", "tickets", "crm.objects.contacts.highly_sensitive.read.v2"}, []string{"", "pat-na1-1", "A", "a b", "a@b"}},
		"record id":   {hubspot.RecordID, []string{"1", "171596044870"}, []string{"", "-1", "1a", "1.0", strings.Repeat("1", 21)}},
		"correlation": {hubspot.CorrelationID, []string{"8a3f6c3a-8296-4002-b0a6-2a06fecf7c0c"}, []string{"", "abc", testToken, "a@b.example", strings.Repeat("a", 65)}},
	} {
		for _, s := range g.yes {
			if g.word(s) != s {
				t.Errorf("%s: %q is refused", name, s)
			}
		}
		for _, s := range g.no {
			if g.word(s) != "" {
				t.Errorf("%s: %q is accepted", name, s)
			}
		}
	}
	if hubspot.Fold(" Ann@EXAMPLE.org\t") != "ann@example.org" {
		t.Error("fold")
	}
}
