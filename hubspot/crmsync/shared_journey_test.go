package crmsync_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// meddler edits a contact's property between the plugin's reads and writes of
// it, as a person does at the worst moment.
type meddler struct {
	mu     sync.Mutex
	portal *hubspottest.PortalState
	id     string
	at     string // part of the path of the requests that are preceded by an edit
	needle string // and of their body
	edits  []string
	done   int
}

func (m *meddler) before(r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.portal == nil || m.done >= len(m.edits) || !strings.Contains(r.URL.Path, m.at) || r.GetBody == nil {
		return
	}
	body, err := r.GetBody()
	if err != nil {
		return
	}
	raw, err := io.ReadAll(body)
	if err != nil || !strings.Contains(string(raw), m.needle) {
		return
	}
	m.portal.EditContact(m.id, map[string]string{"segments": m.edits[m.done]})
	m.done++
}

func segmentsProperty(values ...string) hubspot.Property {
	p := hubspot.Property{Name: "segments", Label: "Segments", GroupName: "contactinformation", Type: "enumeration", FieldType: "checkbox"}
	for i, v := range values {
		p.Options = append(p.Options, hubspot.Option{Value: v, Label: v, DisplayOrder: i})
	}
	return p
}

func TestValuesWrittenInBetweenAreMerged(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			m := &meddler{at: "/batch/update", needle: "segments", edits: []string{"vip;board;membership-active"}}
			b := start(t, withVersion(version), withBefore(m.before))
			b.define(hubspot.Contacts, segmentsProperty("vip", "press", "board"))
			b.save(tenantA, tagged(1))
			b.connectWith(map[string]string{"syncTags": "true", "tagPropertyMembership": "segments"})
			b.settled(tenantA)
			b.confirmTags(false)
			b.settled(tenantA)
			c, _ := b.contact(portalA, memberID(1))
			b.sim.Portal(portalA).EditContact(c.ID, map[string]string{"segments": "vip;press;membership-active"})
			m.mu.Lock()
			m.portal, m.id = b.sim.Portal(portalA), c.ID
			m.mu.Unlock()

			// We read vip;press, somebody writes vip;board, we write vip;press: the
			// history tells, and the end is theirs without our ended tag.
			ended := tagged(1)
			ended.Memberships[0].Status, ended.Memberships[0].StatusSince = integration.MembershipExpired, time.Now()
			b.save(tenantA, ended)
			b.settled(tenantA)
			c, _ = b.contact(portalA, memberID(1))
			got := strings.Split(c.Properties["segments"], ";")
			slices.Sort(got)
			if want := []string{"board", "membership-expired", "vip"}; !slices.Equal(got, want) {
				t.Errorf("segments = %v, want %v", got, want)
			}
			if m.done != 1 {
				t.Errorf("%d edits were made in between", m.done)
			}
		})
	}
}

// The window that remains: who edits the property of one contact again and
// again, each time in the moment between our read and our write, has the last
// edit overwritten once the rounds are used up. The help text says so.
func TestTheWindowThatRemainsIsShort(t *testing.T) {
	t.Parallel()
	m := &meddler{at: "/batch/update", needle: "segments", edits: []string{"vip;board;membership-active", "vip;press;membership-expired",
		"board;membership-expired", "vip;press;membership-expired"}}
	b := start(t, withBefore(m.before))
	b.define(hubspot.Contacts, segmentsProperty("vip", "press", "board"))
	b.save(tenantA, tagged(1))
	b.connectWith(map[string]string{"syncTags": "true", "tagPropertyMembership": "segments"})
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	c, _ := b.contact(portalA, memberID(1))
	b.sim.Portal(portalA).EditContact(c.ID, map[string]string{"segments": "vip;membership-active"})
	m.mu.Lock()
	m.portal, m.id = b.sim.Portal(portalA), c.ID
	m.mu.Unlock()
	ended := tagged(1)
	ended.Memberships[0].Status, ended.Memberships[0].StatusSince = integration.MembershipExpired, time.Now()
	b.save(tenantA, ended)
	b.settled(tenantA)
	c, _ = b.contact(portalA, memberID(1))
	got := strings.Split(c.Properties["segments"], ";")
	slices.Sort(got)
	// Board and press came, vip went; that board goes again, the fourth edit, is
	// lost. Our own tags are right all the same.
	if want := []string{"board", "membership-expired", "press"}; !slices.Equal(got, want) {
		t.Errorf("segments = %v, want %v", got, want)
	}
	if m.done != 4 {
		t.Errorf("%d edits were made in between", m.done)
	}
}

// The reply to our rewrite is lost, and with it the look at what it has
// overwritten; then the tag is back, and nothing is to be taken out any more.
func TestALostRewriteIsLookedAtAllTheSame(t *testing.T) {
	t.Parallel()
	m := &meddler{at: "/batch/update", needle: "segments", edits: []string{"vip;board;membership-active"}}
	b := start(t, withBefore(m.before))
	b.define(hubspot.Contacts, segmentsProperty("vip", "press", "board"))
	b.save(tenantA, tagged(1))
	b.connectWith(map[string]string{"syncTags": "true", "tagPropertyMembership": "segments"})
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	c, _ := b.contact(portalA, memberID(1))
	b.sim.Portal(portalA).EditContact(c.ID, map[string]string{"segments": "vip;press;membership-active"})
	b.sim.Inject(hubspottest.Fault{PathContains: "/batch/update", Times: 1, LoseReply: true})
	m.mu.Lock()
	m.portal, m.id = b.sim.Portal(portalA), c.ID
	m.mu.Unlock()
	ended := tagged(1)
	ended.Memberships[0].Status, ended.Memberships[0].StatusSince = integration.MembershipCancelled, time.Now()
	b.save(tenantA, ended)
	b.eventually("the rewrite", func() bool {
		c, _ := b.contact(portalA, memberID(1))
		return c.Properties["segments"] == "press;vip"
	})
	b.save(tenantA, tagged(1))
	b.settled(tenantA)
	c, _ = b.contact(portalA, memberID(1))
	got := strings.Split(c.Properties["segments"], ";")
	slices.Sort(got)
	if want := []string{"board", "membership-active", "vip"}; !slices.Equal(got, want) {
		t.Errorf("segments = %v, want %v", got, want)
	}
}

// A person took our tag out, and another value with it. That our tag ends now is
// no reason to bring the other one back.
func TestWhatPeopleTookOutStaysOut(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define(hubspot.Contacts, segmentsProperty("vip", "press"))
	b.save(tenantA, tagged(1))
	b.connectWith(map[string]string{"syncTags": "true", "tagPropertyMembership": "segments"})
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	c, _ := b.contact(portalA, memberID(1))
	b.sim.Portal(portalA).EditContact(c.ID, map[string]string{"segments": "vip;press;membership-active"})
	b.sim.Portal(portalA).EditContact(c.ID, map[string]string{"segments": "vip"})
	ended := tagged(1)
	ended.Memberships[0].Status, ended.Memberships[0].StatusSince = integration.MembershipCancelled, time.Now()
	b.save(tenantA, ended)
	b.settled(tenantA)
	if c, _ = b.contact(portalA, memberID(1)); c.Properties["segments"] != "vip" {
		t.Errorf("segments = %q", c.Properties["segments"])
	}
}
