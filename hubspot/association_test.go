package hubspot_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// kinship is a contact and two companies in the portal.
func (b bench) kinship() (ann, acme, globex string) {
	return b.portal.PutContact(map[string]string{"email": "ann@example.org"}).ID,
		b.portal.PutRecord("companies", map[string]string{"name": "Acme"}).ID,
		b.portal.PutRecord("companies", map[string]string{"name": "Globex"}).ID
}

// linksOf prints the associations of contacts with companies as from>to:type.
func (b bench) linksOf() string {
	var out []string
	for _, a := range b.portal.Associations("contacts", "companies") {
		out = append(out, a.FromID+">"+a.ToID+":"+strconv.Itoa(a.TypeID))
	}
	return strings.Join(out, " ")
}

func (b bench) wantLinks(t *testing.T, want string) {
	t.Helper()
	if got := b.linksOf(); got != want {
		t.Fatalf("portal has %q, want %q", got, want)
	}
}

func TestAssociationCallsRefusedBeforeTheNetwork(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	c, ctx := b.client, t.Context()
	many := make([]hubspot.Pair, hubspot.MaxAssociations+1)
	ids := make([]string, len(many))
	for i := range many {
		ids[i] = strconv.Itoa(i + 1)
		many[i] = hubspot.Pair{From: ids[i], To: "7"}
	}
	pair := hubspot.Pair{From: "1", To: "2"}
	labelled := func(p ...hubspot.Pair) (out []hubspot.LabelledPair) {
		for _, one := range p {
			out = append(out, hubspot.LabelledPair{Pair: one, Types: []hubspot.AssociationType{hubspot.Defined(1)}})
		}
		return out
	}
	for name, call := range map[string]struct {
		run  func() error
		want error
	}{
		"too many":      {func() error { _, err := c.AssociateDefault(ctx, hubspot.Contacts, hubspot.Companies, many); return err }, hubspot.ErrTooManyInputs},
		"too many ends": {func() error { _, err := c.Disassociate(ctx, hubspot.Contacts, hubspot.Companies, many); return err }, hubspot.ErrTooManyInputs},
		"too many reads": {func() error {
			_, err := c.Associations(ctx, hubspot.Contacts, hubspot.Companies, ids[:hubspot.MaxAssociationReads+1])
			return err
		}, hubspot.ErrTooManyInputs},
		"twice": {func() error {
			_, err := c.AssociateDefault(ctx, hubspot.Contacts, hubspot.Companies, []hubspot.Pair{pair, many[0], pair})
			return err
		}, hubspot.ErrDuplicateInput},
		"twice, reversed": {func() error {
			_, err := c.AssociateDefault(ctx, hubspot.Contacts, hubspot.Contacts, []hubspot.Pair{pair, {From: "2", To: "1"}})
			return err
		}, hubspot.ErrDuplicateInput},
		"no id": {func() error {
			_, err := c.AssociateLabelled(ctx, hubspot.Contacts, hubspot.Companies, labelled(hubspot.Pair{From: "1", To: " "}))
			return err
		}, hubspot.ErrInvalidInput},
		"no type": {func() error {
			_, err := c.AssociateLabelled(ctx, hubspot.Contacts, hubspot.Companies, []hubspot.LabelledPair{{Pair: pair}})
			return err
		}, hubspot.ErrInvalidInput},
		"no type to remove": {func() error {
			_, err := c.RemoveLabels(ctx, hubspot.Contacts, hubspot.Companies, []hubspot.LabelledPair{{Pair: pair}})
			return err
		}, hubspot.ErrInvalidInput},
		"object type": {func() error { _, err := c.AssociateDefault(ctx, "a/b", hubspot.Companies, many[:1]); return err }, hubspot.ErrInvalidInput},
		"other type":  {func() error { _, err := c.Associations(ctx, hubspot.Contacts, "", ids[:1]); return err }, hubspot.ErrInvalidInput},
		"read twice": {func() error {
			_, err := c.Associations(ctx, hubspot.Contacts, hubspot.Companies, []string{"1", " 1"})
			return err
		}, hubspot.ErrDuplicateInput},
		"labels of nothing": {func() error { _, err := c.AssociationLabels(ctx, hubspot.Contacts, "../x"); return err }, hubspot.ErrInvalidInput},
	} {
		if err := call.run(); !errors.Is(err, call.want) {
			t.Errorf("%s: %v, want %v", name, err, call.want)
		}
	}
	if res, err := c.AssociateDefault(ctx, hubspot.Contacts, hubspot.Companies, nil); err != nil || len(res) != 0 {
		t.Errorf("nothing to do: %+v, %v", res, err)
	}
	if res, err := c.Associations(ctx, hubspot.Contacts, hubspot.Companies, nil); err != nil || len(res.Found) != 0 {
		t.Errorf("nothing to read: %+v, %v", res, err)
	}
	if n := len(b.sim.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
