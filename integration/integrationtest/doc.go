// Package integrationtest holds implementations of package integration to
// their contract. A host that writes a store of its own, and a team that writes
// a plugin, call the suite of that interface from a test:
//
//	func TestConformance(t *testing.T) {
//		integrationtest.TestSettingsStore(t, func(t *testing.T) integrationtest.SettingsHarness {
//			db := newDatabase(t)
//			return integrationtest.SettingsHarness{
//				Store: mystore.New(db),
//				Begin: func(ctx context.Context) (*sql.Tx, error) { return db.BeginTx(ctx, nil) },
//			}
//		})
//	}
//
// Each rule of a contract is one subtest whose name is the rule. The suites use
// the standard library only, share nothing between subtests, and start nothing
// that they do not end.
package integrationtest
