package crmsync

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// What becomes of a tag as a list in HubSpot, which calls lists segments.
const (
	listNone   = "none"
	listActive = "active" // HubSpot fills it by the tag's property
	listStatic = "static" // we put contacts in and take them out
)

// settingList is the setting that says which list a tag has.
func settingList(slug string) string {
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
		Help: "A tag can have a list in HubSpot. Lists are made in the folder " + listFolder + " and counted by your HubSpot plan; where the plan allows no more, use the property without a list.\n" +
			"Active: HubSpot fills the list by the property of the tag. It corrects itself, cannot be changed by hand, and follows some minutes after the tag.\n" +
			"Static: MemberPulse puts contacts into the list and takes out those it has put in, within seconds after the tag. People may add others by hand, and those stay. Whom somebody takes out by hand stays out until the tag ends and begins anew.\n" +
			"None, or switching Lists off: the list and everybody in it stay in HubSpot as they are, and MemberPulse no longer changes it. Chosen again, the same list is used again.\n" +
			"The key needs both crm.lists.read and crm.lists.write.",
	}
	for _, t := range tagging.Catalog() {
		sec.Fields = append(sec.Fields, integration.Field{
			Key: settingList(t.Slug), Label: t.Label, Type: integration.TypeSelect, Default: listNone,
			Help: t.Meaning,
			Options: []integration.Option{{Value: listNone, Label: "No list"}, {Value: listActive, Label: "Active list"},
				{Value: listStatic, Label: "Static list"}},
		})
	}
	return sec
}

func tagListsOf(s integration.Settings) map[string]string {
	out := map[string]string{}
	for _, t := range tagging.Catalog() {
		if mode := s.Text(settingList(t.Slug)); mode == listActive || mode == listStatic {
			out[t.Slug] = mode
		}
	}
	return out
}

// listsOn reports whether lists are written: they follow the tags, and the tags
// the contacts.
func (o options) listsOn() bool { return o.contacts && o.tags && o.lists }

// listMode is what a tag has as a list now, "" for none.
func (o options) listMode(slug string) string {
	if !o.listsOn() {
		return ""
	}
	return o.tagLists[slug]
}

// listFolder is the folder of our lists.
const listFolder = "MemberPulse"

// wantedList is a list that the settings ask for.
type wantedList struct {
	tag      tagging.Tag
	mode     string
	property string // of the tag
}

func (w wantedList) key() listKey { return listKey{w.tag.Slug, w.mode} }

// name is the list's name in HubSpot. The modes have names of their own: a
// static list cannot become active, so both may stand there side by side.
func (w wantedList) name() string {
	name := "MemberPulse: " + w.tag.Label
	if w.mode == listStatic {
		name += " (static)"
	}
	return name
}

// filter selects those who have the tag.
func (w wantedList) filter() hubspot.AnyOf {
	return hubspot.AnyOf{Property: w.property, Values: []string{w.tag.Slug}}
}

// wantedLists are the lists that the settings ask for, in the catalog's order.
func (o options) wantedLists() []wantedList {
	var out []wantedList
	for _, t := range tagging.Catalog() {
		if mode := o.listMode(t.Slug); mode != "" {
			out = append(out, wantedList{t, mode, o.tagTarget(t.Family)})
		}
	}
	return out
}

// listKey names a list of a tenant's: a tag has one of each mode at most.
type listKey struct{ tag, mode string }
