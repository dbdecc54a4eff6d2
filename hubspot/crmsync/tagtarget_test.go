package crmsync_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// A property has one writer: whichever of the two choices comes second, that of
// the map or that of the tags, is refused at its own field.
func TestTagsAndTheMapNeverShareAProperty(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define(hubspot.Contacts, segmentsProperty("vip", "press"))
	b.connectWith(map[string]string{"syncTags": "true"})
	interests := func(property string) { b.mapTo("interestedIn", property) }
	interests("segments")
	target := map[string]string{"portalId": "12345678", "apiKey": tokenA, "syncContacts": "true", "syncTags": "true", "tagPropertyEvent": "segments"}
	err := b.tryConnectWith(tenantA, target)
	var refused integration.FieldErrors
	if !errors.As(err, &refused) || len(refused) != 1 || len(refused["tagPropertyEvent"]) != 1 ||
		!strings.Contains(refused["tagPropertyEvent"][0], "Interested in") || !strings.Contains(refused["tagPropertyEvent"][0], "segments") {
		t.Fatalf("error = %v, fields %v", err, refused)
	}
	stored, err := b.settings.Load(context.Background(), tenantA, "hubspot")
	must(t, err)
	if stored.Settings.Text("tagPropertyEvent") != "" {
		t.Error("what was refused was stored")
	}
	interests("memberpulse_interested_in")
	must(t, b.tryConnectWith(tenantA, target))

	m, err := b.syncer.PropertyMapping(context.Background(), tenantA)
	must(t, err)
	i := slices.IndexFunc(m.Rules, func(r integration.MappingRule) bool { return r.Object == "contact" && r.Field == "interestedIn" })
	m.Rules[i].Property = "segments"
	err = b.syncer.CheckMapping(context.Background(), tenantA, m.Rules)
	if refused = nil; !errors.As(err, &refused) || !strings.Contains(strings.Join(refused["contact.interestedIn"], " "), "event tags") {
		t.Errorf("the map takes a property of the tags: %v", err)
	}
}
