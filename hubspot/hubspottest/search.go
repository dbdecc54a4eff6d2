package hubspottest

func searchRoutes() []route { return nil }
