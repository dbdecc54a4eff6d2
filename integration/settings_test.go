package integration_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func schema() integration.Schema {
	return integration.Schema{Sections: []integration.Section{
		{Key: "a", Title: "A", Fields: []integration.Field{
			{Key: "portalId", Label: "Portal ID", Type: integration.TypeText, Required: true, MaxLen: 5, Check: func(v string) error {
				if strings.Contains(v, "x") {
					return errors.New("no x, please")
				}
				return nil
			}},
			{Key: "apiKey", Label: "API Key", Type: integration.TypeSecret, Required: true},
		}},
		{Key: "b", Title: "B", Fields: []integration.Field{
			{Key: "sync", Label: "Sync", Type: integration.TypeToggle},
			{Key: "mode", Label: "Mode", Type: integration.TypeSelect, Default: "keep", Options: []integration.Option{{Value: "keep", Label: "Keep"}, {Value: "drop", Label: "Drop"}}},
		}},
	}}
}

func TestParse(t *testing.T) {
	t.Parallel()
	must(t, schema().Validate())
	first, err := schema().Parse(map[string]string{"portalId": " 123 ", "apiKey": "s3cret", "sync": "true"}, integration.Settings{})
	must(t, err)
	if first.Text("portalId") != "123" || first.Secret("apiKey").Reveal() != "s3cret" || !first.On("sync") || first.Text("mode") != "keep" {
		t.Errorf("settings = %v", first.Plain())
	}
	// What is left out is kept; a secret that is sent empty is kept too.
	second, err := schema().Parse(map[string]string{"apiKey": "", "mode": "drop", "sync": "false"}, first)
	must(t, err)
	if second.Text("portalId") != "123" || second.Secret("apiKey").Reveal() != "s3cret" || second.On("sync") || second.Text("mode") != "drop" {
		t.Errorf("settings = %v", second.Plain())
	}
	if got := second.Changed(first); !slices.Equal(got, []string{"mode", "sync"}) {
		t.Errorf("changed = %v", got)
	}
	third, err := schema().Parse(map[string]string{"apiKey": "another"}, second)
	must(t, err)
	if got := third.Changed(second); !slices.Equal(got, []string{"apiKey"}) {
		t.Errorf("changed = %v", got)
	}
}

func TestParseReportsEveryMistakeAtOnce(t *testing.T) {
	t.Parallel()
	_, err := schema().Parse(map[string]string{"portalId": "", "apiKey": "bad\x00key", "sync": "maybe", "mode": "burn", "hub": "s3cret"}, integration.Settings{})
	var fields integration.FieldErrors
	if !errors.As(err, &fields) {
		t.Fatalf("error = %v", err)
	}
	if got := slices.Sorted(maps.Keys(fields)); !slices.Equal(got, []string{"apiKey", "hub", "mode", "portalId", "sync"}) {
		t.Errorf("fields = %v", got)
	}
	for _, leak := range []string{"bad\x00key", "burn", "maybe", "s3cret"} {
		if strings.Contains(err.Error(), leak) {
			t.Errorf("%q is repeated in %q", leak, err)
		}
	}
	for raw, say := range map[string]string{"1x": "no x, please", "123456": "longer than 5", "\xff": "cannot be typed"} {
		_, err := schema().Parse(map[string]string{"portalId": raw, "apiKey": "k"}, integration.Settings{})
		if err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: error %v does not say %q", raw, err, say)
		}
	}
	_, err = schema().Parse(map[string]string{"portalId": "1"}, integration.Settings{})
	if !errors.As(err, &fields) || !slices.Equal(fields["apiKey"], []string{"API Key is required."}) {
		t.Errorf("a required secret that nobody set: %v", err)
	}
}

func TestSchemaMistakesAreSaid(t *testing.T) {
	t.Parallel()
	one := func(f integration.Field) integration.Schema {
		return integration.Schema{Sections: []integration.Section{{Fields: []integration.Field{f}}}}
	}
	for say, s := range map[string]integration.Schema{
		"camelCase":         one(integration.Field{Key: "x-y", Label: "l", Type: integration.TypeText}),
		"no label":          one(integration.Field{Key: "x", Type: integration.TypeText}),
		"unknown type":      one(integration.Field{Key: "x", Label: "l", Type: "blob"}),
		"needs options":     one(integration.Field{Key: "x", Label: "l", Type: integration.TypeSelect}),
		"only a select":     one(integration.Field{Key: "x", Label: "l", Type: integration.TypeText, Options: []integration.Option{{}}}),
		"cannot have a def": one(integration.Field{Key: "x", Label: "l", Type: integration.TypeSecret, Default: "d"}),
		"neither true nor":  one(integration.Field{Key: "x", Label: "l", Type: integration.TypeToggle, Default: "yes"}),
		"never required":    one(integration.Field{Key: "x", Label: "l", Type: integration.TypeToggle, Required: true}),
		"declared twice":    {Sections: []integration.Section{{Fields: []integration.Field{{Key: "x", Label: "l", Type: integration.TypeText}, {Key: "x", Label: "l", Type: integration.TypeText}}}}},
	} {
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("error %v does not say %q", err, say)
		}
	}
}

func TestSettingsAreImmutable(t *testing.T) {
	t.Parallel()
	plain := map[string]string{"a": "1"}
	s := integration.NewSettings(plain, nil)
	plain["a"] = "2"
	s.Plain()["a"] = "3"
	s.Secrets()["k"] = integration.NewSecret("x")
	if s.Text("a") != "1" || !s.Secret("k").IsZero() {
		t.Error("somebody changed the settings from outside")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("portalId", "123", "apiKey", "key")
	f.Add("sync", "true", "nobody", "\xff\x00")
	f.Fuzz(func(t *testing.T, k1, v1, k2, v2 string) {
		set, err := schema().Parse(map[string]string{k1: v1, k2: v2}, integration.Settings{})
		if err != nil {
			var fields integration.FieldErrors
			if !errors.As(err, &fields) || len(fields) == 0 {
				t.Fatalf("an error without fields: %v", err)
			}
			return
		}
		again, err := schema().Parse(set.Plain(), set)
		if err != nil || len(again.Changed(set)) > 0 {
			t.Fatalf("parsed settings do not parse: %v, changed %v", err, again.Changed(set))
		}
	})
}

func ExampleSchema_Parse() {
	s := integration.Schema{Sections: []integration.Section{{Fields: []integration.Field{
		{Key: "portalId", Label: "Portal ID", Type: integration.TypeText, Required: true},
		{Key: "apiKey", Label: "API Key", Type: integration.TypeSecret, Required: true},
	}}}}
	_, err := s.Parse(map[string]string{"apiKey": "pat-na1-…", "portal": "12"}, integration.Settings{})
	fmt.Println(err)
	set, _ := s.Parse(map[string]string{"apiKey": "pat-na1-…", "portalId": "12"}, integration.Settings{})
	fmt.Println(set.Text("portalId"), set.Secret("apiKey"))
	// Output:
	// integration: invalid settings: portal: There is no setting of this name. Remove it.; portalId: Portal ID is required.
	// 12 [secret]
}

func TestChoicesAreStoredInOneOrder(t *testing.T) {
	t.Parallel()
	s := integration.Schema{Sections: []integration.Section{{Fields: []integration.Field{
		{Key: "who", Label: "Who", Type: integration.TypeChoices, Default: "active,inactive",
			Options: []integration.Option{{Value: "active"}, {Value: "inactive"}, {Value: "pending"}}},
		{Key: "plans", Label: "Plans", Type: integration.TypeChoices},
	}}}}
	for raw, want := range map[string]string{"": "", "pending, active,active": "active,pending", "inactive": "inactive"} {
		got, err := s.Parse(map[string]string{"who": raw, "plans": "b,a,b"}, integration.Settings{})
		if err != nil || got.Text("who") != want || got.Text("plans") != "a,b" {
			t.Errorf("%q: %q %q, %v", raw, got.Text("who"), got.Text("plans"), err)
		}
	}
	if got, err := s.Parse(nil, integration.Settings{}); err != nil || len(got.Chosen("who")) != 2 {
		t.Errorf("default: %v, %v", got.Chosen("who"), err)
	}
	if _, err := s.Parse(map[string]string{"who": "active,nobody"}, integration.Settings{}); err == nil {
		t.Error("accepted a value that is not offered")
	}
}

func TestNothingChosenStaysSo(t *testing.T) {
	t.Parallel()
	s := integration.Schema{Sections: []integration.Section{{Fields: []integration.Field{
		{Key: "who", Label: "Who", Type: integration.TypeChoices, Default: "active", Options: []integration.Option{{Value: "active"}, {Value: "pending"}}},
		{Key: "sync", Label: "Sync", Type: integration.TypeToggle},
	}}}}
	none, err := s.Parse(map[string]string{"who": ""}, integration.Settings{})
	must(t, err)
	later, err := s.Parse(map[string]string{"sync": "true"}, integration.NewSettings(none.Plain(), nil))
	if err != nil || len(later.Chosen("who")) != 0 {
		t.Errorf("the default is back: %v, %v", later.Chosen("who"), err)
	}
	// What was chosen and is no longer offered stays, and is not offered anew.
	old := integration.NewSettings(map[string]string{"who": "lapsed"}, nil)
	kept, err := s.Parse(map[string]string{"who": "lapsed,pending"}, old)
	if err != nil || !slices.Contains(kept.Chosen("who"), "lapsed") {
		t.Errorf("kept: %v, %v", kept.Chosen("who"), err)
	}
	if _, err := s.Parse(map[string]string{"who": "lapsed"}, none); err == nil {
		t.Error("accepted a value that is not offered")
	}
}
