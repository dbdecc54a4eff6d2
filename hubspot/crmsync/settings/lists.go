package settings

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// What becomes of a tag as a list in HubSpot, which calls lists segments.
const (
	listNone   = "none"
	ListActive = "active" // HubSpot fills it by the tag's property
	ListStatic = "static" // we put contacts in and take them out
)

// KeyList is the setting that says which list a tag has.
func KeyList(slug string) string {
	var key strings.Builder
	key.WriteString("list")
	for part := range strings.SplitSeq(slug, "-") {
		key.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return key.String()
}

func listsSection() integration.Section {
	sec := integration.Section{
		Key: "lists", Title: "Lists (HubSpot calls them segments)",
		Help: "A tag can have a list in HubSpot. Lists are made in the folder " + ListFolder + " and counted by your HubSpot plan; where the plan allows no more, use the property without a list.\n" +
			"Active: HubSpot fills the list by the property of the tag. It corrects itself, cannot be changed by hand, and follows some minutes after the tag.\n" +
			"Static: MemberPulse puts contacts into the list and takes out those it has put in, within seconds after the tag. People may add others by hand, and those stay. Whom somebody takes out by hand stays out until the tag ends and begins anew.\n" +
			"None, or switching Lists off: the list and everybody in it stay in HubSpot as they are, and MemberPulse no longer changes it. Chosen again, the same list is used again.\n" +
			"The key needs both crm.lists.read and crm.lists.write.",
	}
	for _, t := range tagging.Catalog() {
		sec.Fields = append(sec.Fields, integration.Field{
			Key: KeyList(t.Slug), Label: t.Label, Type: integration.TypeSelect, Default: listNone,
			Help: t.Meaning,
			Options: []integration.Option{{Value: listNone, Label: "No list"}, {Value: ListActive, Label: "Active list"},
				{Value: ListStatic, Label: "Static list"}},
		})
	}
	return sec
}

func tagListsOf(s integration.Settings) map[string]string {
	out := map[string]string{}
	for _, t := range tagging.Catalog() {
		if mode := s.Text(KeyList(t.Slug)); mode == ListActive || mode == ListStatic {
			out[t.Slug] = mode
		}
	}
	return out
}

// ListsOn reports whether lists are written: they follow the tags, and the tags
// the contacts.
func (o Options) ListsOn() bool { return o.Contacts && o.Tags && o.Lists }

// ListMode is what a tag has as a list now, "" for none.
func (o Options) ListMode(slug string) string {
	if !o.ListsOn() {
		return ""
	}
	return o.TagLists[slug]
}

// ListFolder is the folder of our lists.
const ListFolder = "MemberPulse"

// WantedList is a list that the settings ask for.
type WantedList struct {
	Tag      tagging.Tag
	Mode     string
	Property string // of the tag
}

// Key names the list among the tenant's.
func (w WantedList) Key() ListKey { return ListKey{w.Tag.Slug, w.Mode} }

// Name is the list's name in HubSpot. The modes have names of their own: a
// static list cannot become active, so both may stand there side by side.
func (w WantedList) Name() string {
	name := "MemberPulse: " + w.Tag.Label
	if w.Mode == ListStatic {
		name += " (static)"
	}
	return name
}

// Filter selects those who have the tag.
func (w WantedList) Filter() hubspot.AnyOf {
	return hubspot.AnyOf{Property: w.Property, Values: []string{w.Tag.Slug}}
}

// WantedLists are the lists that the settings ask for, in the catalog's order.
func (o Options) WantedLists() []WantedList {
	var out []WantedList
	for _, t := range tagging.Catalog() {
		if mode := o.ListMode(t.Slug); mode != "" {
			out = append(out, WantedList{t, mode, o.TagTarget(t.Family)})
		}
	}
	return out
}

// ListKey names a list of a tenant's: a tag has one of each mode at most.
type ListKey struct{ Tag, Mode string }
