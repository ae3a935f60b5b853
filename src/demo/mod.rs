//! Simulated Frappe servers and generated portfolios.
