"""The plan as one page, for the clinician and for the patient, and its figures."""
